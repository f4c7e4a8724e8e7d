import { gzipSync } from 'node:zlib';
import { hasRelaxedSimd } from '@isoact/codegen';
import {
  type Activation,
  catalogue,
  crelu,
  defineActivation,
  drawsNoise,
  elementCount,
  fixed,
  gelu,
  outputShape,
  parameterShape,
  prelu,
  relu,
  rrelu,
  type Shape,
  stateShapes,
  type TensorSpec,
  velu,
} from '@isoact/core';
import { add, sigmoid } from '@isoact/core/expression';
import { createKernel as createGeneratedKernel } from '@isoact/wasm';
import { type PrecompileOptions, precompile } from '@isoact/wasm/precompile';
import { createKernel, createMemoryKernel } from '@isoact/wasm/precompiled';
import { describe, expect, test } from 'vitest';

const dtype = 'float32';

const moduleOf = (activation: Activation, example: Omit<TensorSpec, 'dtype'>, options?: PrecompileOptions) =>
  new WebAssembly.Module(precompile(activation, { ...example, dtype }, options));

const wave = (length: number, size = 4): Float32Array =>
  Float32Array.from({ length }, (_, index) => size * Math.sin(index * 12.9898) * Math.cos(index));

/** What a call brings, beside x. */
function givenTo(activation: Activation, spec: TensorSpec, size: number) {
  const parameters = Object.keys(activation.parameters).map((name) => {
    const length = elementCount(parameterShape(name, spec));
    return [name, Float32Array.from({ length }, (_, index) => size * (activation.parameters[name] as number) + index)];
  });
  const state = drawsNoise(activation)
    ? { seed: Uint32Array.of(5, 6) }
    : Object.fromEntries(
        Object.entries(stateShapes(activation, spec)).map(([name, shape]) => [
          name,
          new Float32Array(elementCount(shape)).fill(2),
        ]),
      );
  return { parameters: Object.fromEntries(parameters), state };
}

describe.each(Object.entries(catalogue))('%s', (_, define) => {
  const activation: Activation = define();
  const layout = { shape: [2, 2, 2], channelAxis: 1 };
  const module = moduleOf(activation, layout, { relaxed: hasRelaxedSimd() });

  test.each([[[3, 4, 5]], [[7, 2, 33]], [[2, 3, 0]]])('gives the bits of createKernel for shape %j', (shape: Shape) => {
    const spec: TensorSpec = { ...layout, shape, dtype };
    const [kernel, generated] = [createKernel(module, { shape }), createGeneratedKernel(activation, spec)];
    const x = wave(elementCount(shape), 20);
    const upstream = { y: wave(elementCount(outputShape(activation, spec))) };
    // the last size is beyond the powers of two that the first version relies on
    for (const given of [{}, givenTo(activation, spec, 1), givenTo(activation, spec, 3)]) {
      const inputs = { state: givenTo(activation, spec, 1).state, ...given, x };
      expect(kernel.forward(inputs)).toEqual(generated.forward(inputs));
      expect(kernel.vjp({ ...inputs, upstream })).toEqual(generated.vjp({ ...inputs, upstream }));
    }
  });
});

describe('a module', () => {
  test('takes parameters with a shape, and gives the gradients it was asked for', () => {
    const example: TensorSpec = { shape: [2, 3, 1], channelAxis: 1, dtype, parameterShapes: { slope: [3, 1] } };
    const spec: TensorSpec = { ...example, shape: [5, 7, 1], parameterShapes: { slope: [7, 1] } };
    const inputs = { x: wave(35), parameters: { slope: wave(7) }, upstream: { y: wave(35, 1) } };
    const options = { relaxed: hasRelaxedSimd() };
    const got = createKernel(moduleOf(prelu(), example, options), spec).vjp(inputs);
    expect(got).toEqual(createGeneratedKernel(prelu(), spec).vjp(inputs));
    expect(got.parameters.slope).toHaveLength(7);

    const without = moduleOf(velu(), { shape: [2, 3], parameterGradients: [] });
    const { parameters } = createKernel(without, { shape: [5, 7] }).vjp({ x: wave(35), upstream: { y: wave(35) } });
    expect(parameters).toEqual({});
  });

  test('works in place, in a memory of the caller', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const floats = new Float32Array(memory.buffer);
    floats.set(wave(21), 4);
    const module = moduleOf(gelu(), { shape: [2] });
    const kernel = createMemoryKernel(memory, module, { shape: [21] });
    expect(kernel.forwardDirection.inPlace).toBe(true);
    kernel.forward({ x: 16, y: 16 });
    expect(floats.slice(4, 25)).toEqual(createKernel(module, { shape: [21] }).forward({ x: wave(21) }).y);
  });

  test('is small', () => {
    const size = (options: PrecompileOptions) =>
      gzipSync(precompile(velu(), { shape: [32, 1024], dtype }, options), { level: 9 }).length;
    expect(size({})).toBeLessThan(6800);
    expect(size({ values: 'near' })).toBeLessThan(4600);
    expect(size({ gradient: false })).toBeLessThan(2850);
    expect(size({ gradient: false, values: 'near' })).toBeLessThan(2150);
  });

  test('keeps a name in any script', () => {
    const named = defineActivation({
      name: 'sigmoïde décalée',
      parameters: { δ: fixed(0.5, { atMost: Infinity, above: 0 }) },
      forward: (x, parameters) => add(sigmoid(x), parameters.δ),
      limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
    });
    const kernel = createKernel(moduleOf(named(), { shape: [2] }), { shape: [1] });
    expect(kernel.forward({ x: Float32Array.of(0) }).y).toEqual(Float32Array.of(1));
    expect(() => kernel.forward({ x: Float32Array.of(0), parameters: { δ: Float32Array.of(-1) } })).toThrow(
      "sigmoïde décalée's δ must be a finite number above 0 (was -1).",
    );
  });
});

describe('refuses', () => {
  const module = moduleOf(velu(), { shape: [2, 3] }, { gradient: false, values: 'near' });
  const kernel = createKernel(module, { shape: [1, 2] });
  const x = Float32Array.of(1, 2);

  test('what is no module, or another', () => {
    const open = (given: unknown) => () => createKernel(given as WebAssembly.Module, { shape: [1, 2] });
    const made = 'the module must be a WebAssembly.Module made by @isoact/wasm/precompile';
    expect(messageOf(open(Uint8Array.of(0)))).toBe(
      `ParameterError: ${made} (was Uint8Array). Import the .wasm file, or compile its bytes where that is allowed.`,
    );
    expect(open(undefined)).toThrow(`${made} (was undefined).`);
    expect(open(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)))).toThrow(
      `${made} (was "another one").`,
    );
  });

  test('a module of another format', () => {
    const bytes = precompile(relu(), { shape: [2], dtype });
    const digit = Buffer.from(bytes).indexOf('"format":1') + '"format":'.length;
    bytes[digit] = '7'.charCodeAt(0);
    expect(messageOf(() => createKernel(new WebAssembly.Module(bytes), { shape: [2] }))).toBe(
      'UnsupportedError: the format of the module must be 1 (was 7). Compile it with this release.',
    );
  });

  test('a shape of another form', () => {
    expect(messageOf(() => createKernel(module, { shape: [2] }))).toBe(
      'ShapeError: shape must be of the form [n, n], which the module was compiled for (was [2]).',
    );
    expect(() => createKernel(module, { shape: [2, -1] })).toThrow('shape must be non-negative integers');
    expect(() => createKernel(moduleOf(gelu(), { shape: [1, 4] }), { shape: [2, 4] })).toThrow(
      'shape must be of the form [1, n], which the module was compiled for (was [2, 4]).',
    );
    const perChannel = moduleOf(prelu(), { shape: [2, 4], parameterShapes: { slope: [4] } });
    expect(() => createKernel(perChannel, { shape: [2, 1] })).toThrow('of the form [n, n]');
  });

  test('inputs as createKernel refuses them', () => {
    const generated = createGeneratedKernel(velu(), { shape: [1, 2], dtype });
    const wrong = [
      { x: Float64Array.of(1, 2) },
      { x: Float32Array.of(1) },
      { x, parameters: { epsilon: Float32Array.of(0) } },
      { x, parameters: { nothing: Float32Array.of(0) } },
      { x, parameters: { alpha: Float32Array.of(1, 2) } },
    ];
    for (const inputs of wrong) {
      const message = messageOf(() => generated.forward(inputs));
      expect(message).toMatch(/ must be /);
      expect(messageOf(() => kernel.forward(inputs))).toBe(message);
    }
    const drawn = rrelu({ mode: 'train' });
    const noisy = createKernel(moduleOf(drawn, { shape: [2] }), { shape: [2] });
    expect(messageOf(() => noisy.forward({ x }))).toBe(
      messageOf(() => createGeneratedKernel(drawn, { shape: [2], dtype }).forward({ x })),
    );
  });

  test('what it was not compiled for', () => {
    expect(messageOf(() => kernel.vjp({ x, upstream: { y: x } }))).toBe(
      'UnsupportedError: the direction of velu must be "forward" (was "vjp"). Compile it with its gradient.',
    );
    expect(messageOf(() => kernel.forward({ x, parameters: { beta1: Float32Array.of(2) } }))).toBe(
      'ParameterError: alpha, beta1, beta2 of velu must be within [[-0.125,0.125],[-0.125,0.125],[-0.125,0.125]] in this module (was [0.1, 2, 0.1]). Compile it for any values.',
    );
    expect(kernel.forward({ x }).y).toHaveLength(2);
  });

  test('memory that threads share', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    expect(messageOf(() => createMemoryKernel(memory, module, { shape: [1, 2] }))).toBe(
      'UnsupportedError: the memory of precompiled kernels must be of one thread (was "shared").',
    );
  });

  test('to compile what cannot be', () => {
    expect(messageOf(() => precompile(velu(), { shape: [2, 0], dtype }))).toBe(
      'ShapeError: the shape of an example must be without lengths of 0 (was [2, 0]).',
    );
    expect(() => precompile(velu(), { shape: [2], dtype: 'float16' })).toThrow('dtype on wasm must be "float32"');
    expect(() => precompile(crelu(), { shape: [2], dtype })).toThrow('channelAxis must be given');
  });
});

/** The name and message of what is thrown. */
function messageOf(act: () => unknown): string {
  try {
    act();
    return 'nothing is thrown';
  } catch (error) {
    return String(error);
  }
}

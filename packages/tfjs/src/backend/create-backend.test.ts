import {
  type Activation,
  type ActivationBackend,
  adaRelu,
  catalogue,
  defineActivation,
  trainable,
  type VjpInputs,
  velu,
} from '@isoact/core';
import { add, mean, mul, sigmoid, vanishingProduct } from '@isoact/core/expression';
import { gpuKind } from '@isoact-tooling/gpu';
import { env, memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareWithReference, randomNumbers } from '../testing/compare.ts';
import { createBackend } from './create-backend.ts';

/**
 * Bounds in units of the last place, statistics included: float64 arithmetic rounds once. Results in float32 arithmetic of the size of
 * `floor` and below are granted the error of numbers of that size; the conformance suite looks closer.
 */
const backends = [
  { backend: 'cpu', ulp: 0.51, floor: 0 },
  { backend: 'wasm', ulp: 12, floor: 1 },
  { backend: 'webgpu', ulp: 12, floor: 1 },
] as const;

env().set('PROD', true); // no advertisement of tfjs-node

const meanScaledSwish = defineActivation({
  name: 'meanScaledSwish',
  parameters: { k: trainable(0.1) },
  forward: (x, { k }) => mul(vanishingProduct(x, sigmoid(x)), add(1, mul(k, mean(x, 'tensor')))),
  limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
});

const inputsFor = (length: number, seed = 1, parts = 1): VjpInputs => ({
  x: randomNumbers(seed, length),
  upstream: { y: randomNumbers(seed + 1, parts * length) },
});

/** Golden values have twelve digits: 1e-5 units of float32's last place. */
const expectClose = (got: ArrayLike<number>, expected: readonly number[], ulp: number): void => {
  for (const [k, value] of expected.entries()) {
    expect(Math.abs((got[k] as number) - value)).toBeLessThanOrEqual((ulp + 1e-5) * 2 ** -23 * Math.abs(value));
  }
};

const available = backends.filter(({ backend }) => backend !== 'webgpu' || gpuKind() !== 'none');

describe.each(available)('tfjs-$backend', ({ backend: name, ulp, floor }) => {
  let backend: ActivationBackend;
  beforeAll(async () => {
    backend = await createBackend({ backend: name });
  });
  afterAll(() => backend.dispose());

  const expectWithin = async (activation: Activation, shape: number[], inputs: VjpInputs, spec = {}): Promise<void> => {
    const distances = await compareWithReference(
      backend,
      activation,
      { shape, dtype: 'float32', ...spec },
      inputs,
      floor,
    );
    for (const [output, distance] of Object.entries(distances)) {
      expect(distance, `${activation.name} ${output}`).toBeLessThanOrEqual(ulp);
    }
  };

  test('gives the golden row of VeLU', async () => {
    const compiled = await backend.compile(velu({ transport: 'penalty' }), { shape: [1, 5], dtype: 'float32' });
    const x = Float32Array.of(-2, -1, 0, 1, 2);
    const { y, penalty } = await compiled.forward({ x });
    const z = [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498];
    const slopes = [0.507563714486, 0.51779439807, 0.528122029847, 0.538449661624, 0.548680345209];
    expectClose(y, z, ulp);
    expect(penalty).toBeCloseTo(0.0641557566229, 7);
    const gradient = await compiled.vjp({ x, upstream: { y: new Float32Array(5).fill(1) } });
    expectClose(gradient.x, slopes, ulp);
    expect(gradient.parameters.lambda?.[0]).toBeCloseTo(
      z.reduce((sum, value) => sum + value, 0),
      6,
    );
  });

  test.each(Object.entries(catalogue))('%s agrees with the reference, forward and backward', async (_, definition) => {
    const activation = definition();
    const inputs = (length: number) => inputsFor(length, 1, activation.forward.y.length);
    await expectWithin(activation, [7, 33], inputs(231), { channelAxis: 0 });
    await expectWithin(activation, [1], inputs(1), { channelAxis: 0 });
    await expectWithin(activation, [2, 3, 5], inputs(30), { channelAxis: 1 });
  });

  test.each(Object.entries(velu.presets))('velu, preset %s, with its penalty', async (_, settings) => {
    await expectWithin(velu({ transport: 'penalty', ...settings }), [6, 20], inputsFor(120));
    const inputs = inputsFor(120);
    await expectWithin(velu(settings), [6, 20], { ...inputs, upstream: { ...inputs.upstream, penalty: 0.5 } });
  });

  test('extents per channel and per sample, parameters per channel', async () => {
    await expectWithin(velu({ extent: 'channel', statistic: 'std' }), [4, 5, 3], inputsFor(60), { channelAxis: -1 });
    await expectWithin(velu({ extent: 'sample' }), [4, 5, 3], inputsFor(60));
    await expectWithin(adaRelu({ extent: 'channel' }), [4, 5, 3], inputsFor(60), { channelAxis: 1 });
    const slope = Float32Array.of(0.1, 0.2, -0.3);
    const perChannel = { ...inputsFor(60), parameters: { slope } };
    await expectWithin(catalogue.prelu(), [4, 5, 3], perChannel, { parameterShapes: { slope: [3] } });
  });

  test.each([
    { transport: 'output' },
    { transport: 'penalty', statistic: 'std' },
    { transport: 'output', extent: 'tensor', statistic: 'std' },
  ] as const)('velu with each parameter per channel, %o: more buffers than a GPU binds', async (settings) => {
    const activation = velu(settings);
    const names = Object.keys(activation.parameters);
    const parameters = Object.fromEntries(names.map((name, k) => [name, randomNumbers(k, 33, 0.2, 0.8)]));
    const spec = { parameterShapes: Object.fromEntries(names.map((name) => [name, [33]])) };
    const inputs = inputsFor(231);
    await expectWithin(activation, [7, 33], { ...inputs, parameters }, spec);
  });

  test('an activation of your own needs nothing more', async () => {
    await expectWithin(meanScaledSwish(), [8, 9], inputsFor(72));
    await expectWithin(meanScaledSwish({ k: 2 }), [8, 9], {
      ...inputsFor(72),
      parameters: { k: Float32Array.of(0.7) },
    });
  });

  test('AdaReLU hands on its counts, and frozen takes them', async () => {
    const inputs = { x: Float32Array.of(-1, 2, 3, -4), upstream: { y: Float32Array.of(1, 1, 1, 1) } };
    const state = { positive: Float32Array.of(1), negative: Float32Array.of(5) };
    await expectWithin(adaRelu(), [4], inputs);
    await expectWithin(adaRelu({ mode: 'frozen' }), [4], { ...inputs, state });
  });

  test.each(Object.entries(catalogue))('%s of NaN, infinities, zeros and subnormals', async (_, definition) => {
    const subnormal = backend.supports.subnormals === 'keep' ? 1e-40 : 2e-38;
    const x = Float32Array.of(Number.NaN, Infinity, -Infinity, 0, -0, subnormal, -subnormal, 3.4e38, -3.4e38, 90, -90);
    const activation = definition();
    const upstream = (length: number) => ({ y: new Float32Array(length * activation.forward.y.length).fill(1) });
    const spec = { channelAxis: 0 };
    await expectWithin(activation, [x.length, 1], { x, upstream: upstream(x.length) }, spec);
    await expectWithin(activation, [x.length - 1], { x: x.slice(1), upstream: upstream(x.length - 1) }, spec);
  });

  test.each(Object.entries(catalogue))('%s of no elements and of a scalar', async (_, definition) => {
    const activation = definition();
    await expectWithin(activation, [0], inputsFor(0), { channelAxis: 0 });
    await expectWithin(activation, [3, 0], inputsFor(0), { channelAxis: 1 });
    // a scalar has no channels
    if (activation.forward.y.length === 1) await expectWithin(activation, [], inputsFor(1));
  });

  test('leaves no tensors behind and the inputs as they were', async () => {
    const compiled = await backend.compile(velu({ transport: 'penalty' }), { shape: [3, 4], dtype: 'float32' });
    const inputs = inputsFor(12);
    const copy = inputs.x.slice();
    const { numTensors } = memory();
    for (let k = 0; k < 3; k++) {
      await compiled.forward(inputs);
      await compiled.vjp(inputs);
    }
    expect(memory().numTensors).toBe(numTensors);
    expect(inputs.x).toEqual(copy);
  });

  test('bad input', async () => {
    const spec = { shape: [4], dtype: 'float32' } as const;
    await expect(backend.compile(velu(), { ...spec, dtype: 'float64' })).rejects.toThrow(
      `dtype on tfjs-${name} must be "float32" (was "float64").`,
    );
    await expect(backend.compile(velu({ extent: 'channel' }), spec)).rejects.toThrow('channelAxis must be given');
    const compiled = await backend.compile(velu(), spec);
    await expect(compiled.forward({ x: new Float32Array(3) })).rejects.toThrow(
      'the length of x must be 4, the product of its shape (was 3).',
    );
    await expect(
      compiled.forward({ x: new Float32Array(4), parameters: { beta: Float32Array.of(1) } }),
    ).rejects.toThrow('a parameter of velu must be one of "alpha"');
    compiled.dispose();
    await expect(compiled.forward({ x: new Float32Array(4) })).rejects.toThrow(
      'compiled velu must be in use (was "disposed").',
    );
  });
});

test('a backend that there is not', async () => {
  await expect(createBackend({ backend: 'cuda' as 'cpu' })).rejects.toThrow('backend must be one of "cpu", "wasm"');
  await expect(createBackend({ backend: 'webgl' })).rejects.toThrow('It needs a browser with WebGL 2.');
});

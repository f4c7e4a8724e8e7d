import {
  type Activation,
  type ActivationBackend,
  adaRelu,
  convRelu,
  createReferenceBackend,
  type Data,
  DtypeError,
  defineActivation,
  elementCount,
  gelu,
  ParameterError,
  prelu,
  relu,
  ShapeError,
  swish,
  type TensorSpec,
  trainable,
  UnsupportedError,
  velu,
} from '@isoact/core';
import { add, mean, mul, sigmoid, vanishingProduct } from '@isoact/core/expression';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBackend } from './index.ts';

const reference = createReferenceBackend();

/** A user's own: x·σ(x)·(1 + k·mean(x)), k trainable. */
const meanGated = defineActivation({
  name: 'meanGated',
  parameters: { k: trainable(0.1) },
  forward: (x, { k }) => mul(vanishingProduct(x, sigmoid(x)), add(1, mul(k, mean(x, 'row')))),
  limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
});

const noise = (length: number, offset = 0, spread = 3): Float32Array =>
  Float32Array.from({ length }, (_, index) => offset + spread * Math.sin(index * 12.9898 + 1));

/** Within some roundings of the largest value, or of the sum of magnitudes where the values are sums. */
function expectClose(got: Data, wanted: Data, roundings: number, scale = 0): void {
  const magnitudes = Array.from(wanted, Math.abs).filter(Number.isFinite);
  const largest = Math.max(scale, ...magnitudes);
  expect(got.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries()) {
    const own = got[index] as number;
    if (!Number.isFinite(value)) expect(own).toBe(value);
    else
      expect(Math.abs(own - value), `element ${index}: ${own} for ${value}`).toBeLessThanOrEqual(
        roundings * 2 ** -24 * largest + 2 ** -125,
      );
  }
}

/** Both directions of an activation on a backend against the reference. */
function agreement(backend: ActivationBackend) {
  return async function agrees(
    activation: Activation,
    layout: Omit<TensorSpec, 'dtype'>,
    x?: Float32Array,
    roundings = 64,
  ): Promise<void> {
    const spec: TensorSpec = { ...layout, dtype: 'float32' };
    const values = x ?? noise(elementCount(spec.shape));
    const upstream = { y: Float32Array.from(values, (_, index) => Math.cos(index * 7.1)), penalty: 0.7 };
    const [own, oracle] = await Promise.all([backend.compile(activation, spec), reference.compile(activation, spec)]);
    const [got, wanted] = [await own.forward({ x: values }), await oracle.forward({ x: values })];
    expectClose(got.y, wanted.y, roundings);
    if (wanted.penalty !== undefined)
      expectClose(Float32Array.of(got.penalty as number), Float32Array.of(wanted.penalty), roundings);
    expect(got.state).toEqual(wanted.state);
    const [back, wantedBack] = [await own.vjp({ x: values, upstream }), await oracle.vjp({ x: values, upstream })];
    expectClose(back.x, wantedBack.x, roundings);
    for (const [name, gradient] of Object.entries(wantedBack.parameters)) {
      const terms = values.reduce((total, value) => total + Math.abs(value), 0);
      expectClose(back.parameters[name] as Data, gradient, roundings, terms);
    }
    own.dispose();
  };
}

describe.skipIf(gpuKind() === 'none').each([
  { form: 'one invocation per group', barriers: false },
  { form: 'workgroups with barriers', barriers: true },
])('webgpu, $form', ({ barriers }) => {
  let backend: ActivationBackend;
  beforeAll(async () => {
    // a software device takes minutes to compile what an invocation does for many elements
    backend = await createBackend({
      barriers,
      tuning: { widest: 1, groupElements: 1, gatherPacks: 1, besidePacks: 1 },
    });
  });
  afterAll(() => backend.dispose());

  const agrees = (...values: Parameters<ReturnType<typeof agreement>>): Promise<void> => agreement(backend)(...values);

  test('sizes about every block and chunk', async () => {
    for (const length of [1, 3, 16, 17, 255, 257, 4099]) {
      await agrees(swish(), { shape: [length] });
      await agrees(adaRelu(), { shape: [length] });
    }
  });

  test('groups of every form', async () => {
    await agrees(velu({ extent: 'sample' }), { shape: [3, 4, 7] });
    await agrees(adaRelu({ extent: 'channel' }), { shape: [9, 3, 70], channelAxis: 1 });
    await agrees(velu({ extent: 'channel' }), { shape: [77, 5], channelAxis: -1 });
    if (barriers) return; // the software device compiles these kernels too slowly
    await agrees(velu({ transport: 'penalty' }), { shape: [5, 77] });
    await agrees(velu({ extent: 'channel', statistic: 'std' }), { shape: [3, 5, 41], channelAxis: 1 });
    await agrees(velu({ extent: [0, 2] }), { shape: [3, 2, 5, 2] });
    await agrees(velu({ statistic: 'std', extent: 'tensor', transport: 'output' }), { shape: [300] });
  });

  test('a row longer than a workgroup holds', async () => {
    await agrees(velu(), { shape: [2, 4500] });
  });

  test('parameters of every shape', async () => {
    await agrees(prelu(), { shape: [9, 5, 33], parameterShapes: { slope: [5, 1] } });
    await agrees(prelu(), { shape: [9, 33], parameterShapes: { slope: [33] } });
    await agrees(prelu(), { shape: [9, 33], parameterShapes: { slope: [9, 1] } });
    await agrees(convRelu(), { shape: [2, 3, 4], parameterShapes: { theta: [2, 3, 4] } });
    await agrees(velu(), { shape: [6, 50], parameterShapes: { lambda: [50], alpha: [6, 1] } });
  });

  test('a definition of the user', async () => {
    await agrees(meanGated(), { shape: [7, 130] });
    await agrees(meanGated({ k: 0.3 }), { shape: [4, 30], parameterShapes: { k: [4, 1] } });
  });

  test('a small spread on a large offset', async () => {
    const x = noise(2100, 1e4, 1e-2);
    await agrees(velu({ statistic: 'std' }), { shape: [3, 700] }, x);
    if (!barriers) await agrees(velu({ statistic: 'std', extent: 'tensor' }), { shape: [2100] }, x);
  });

  test('NaN stays in its group, infinities give limits', async () => {
    const rows = [noise(8), noise(8), noise(8)].map((row) => [...row]);
    (rows[0] as number[])[3] = Number.NaN;
    (rows[1] as number[])[2] = Number.NEGATIVE_INFINITY;
    const x = Float32Array.from(rows.flat());
    await agrees(velu(), { shape: [3, 8] }, x);
    await agrees(velu({ statistic: 'std' }), { shape: [3, 8] }, x);
    const extremes = Float32Array.of(Number.NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3e38, -3e38);
    for (const activation of [relu(), gelu(), swish(), adaRelu()]) await agrees(activation, { shape: [9] }, extremes);
  });

  test('scalars and empty tensors', async () => {
    await agrees(gelu(), { shape: [] });
    await agrees(velu(), { shape: [] });
    for (const shape of [[0], [3, 0]]) await agrees(adaRelu(), { shape });
    await agrees(velu(), { shape: [3, 0] });
  });
});

describe.skipIf(gpuKind() === 'none')('a tensor of several bindings', () => {
  test.each([false, true])('is worked on in parts, with barriers %s', async (barriers) => {
    const tuning = { widest: 1, groupElements: 1, gatherPacks: 1, besidePacks: 1 } as const;
    const backend = await createBackend({ bindingBytes: 1024, barriers, tuning });
    const agrees = agreement(backend);
    await agrees(swish(), { shape: [1000] });
    await agrees(adaRelu(), { shape: [1000] });
    await agrees(velu(), { shape: [30, 24] });
    await agrees(prelu(), { shape: [40, 32], parameterShapes: { slope: [40, 1] } });
    if (!barriers) {
      // the software device compiles these kernels too slowly with barriers
      await agrees(velu({ statistic: 'std', extent: 'tensor', transport: 'output' }), { shape: [700] });
      await agrees(adaRelu({ extent: 'channel' }), { shape: [20, 3, 16], channelAxis: 1 });
      await agrees(velu({ extent: 'channel' }), { shape: [77, 8], channelAxis: -1 });
      await agrees(prelu(), { shape: [9, 64, 2], parameterShapes: { slope: [64, 1] } });
    }
    await expect(backend.compile(velu(), { shape: [2, 4000], dtype: 'float32' })).rejects.toThrow(UnsupportedError);
    await backend.dispose();
  });
});

describe.skipIf(gpuKind() === 'none')('the backend', () => {
  let backend: ActivationBackend;
  beforeAll(async () => {
    backend = await createBackend();
  });
  afterAll(() => backend.dispose());

  test('the golden row of VeLU', async () => {
    const compiled = await backend.compile(velu({ transport: 'penalty' }), { shape: [1, 5], dtype: 'float32' });
    const x = Float32Array.of(-2, -1, 0, 1, 2);
    const { y, penalty } = await compiled.forward({ x });
    const { x: gradient } = await compiled.vjp({ x, upstream: { y: new Float32Array(5).fill(1) } });
    expectClose(y, Float64Array.of(-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498), 5);
    expect(penalty).toBeCloseTo(0.0641557566229, 6);
    expectClose(
      gradient,
      Float64Array.of(0.507563714486, 0.51779439807, 0.528122029847, 0.538449661624, 0.548680345209),
      5,
    );
  });

  test('new values of a parameter and a second call', async () => {
    const compiled = await backend.compile(swish(), { shape: [4], dtype: 'float32' });
    const x = Float32Array.of(-1, 0.5, 1, 2);
    const before = x.slice();
    const first = await compiled.forward({ x, parameters: { beta: Float32Array.of(2) } });
    const [second, third] = await Promise.all([
      compiled.forward({ x }),
      compiled.forward({ x, parameters: { beta: Float32Array.of(2) } }),
    ]);
    expect(third.y).toEqual(first.y);
    expect(second.y).not.toEqual(first.y);
    expect(x).toEqual(before);
  });

  test('sums are deep at most by the claim', async () => {
    const compiled = await backend.compile(prelu(), { shape: [70_001], dtype: 'float32' });
    const x = new Float32Array(70_001).fill(-0.1);
    const { parameters } = await compiled.vjp({ x, upstream: { y: new Float32Array(70_001).fill(1) } });
    const exact = 70_001 * Math.fround(-0.1);
    const slope = parameters.slope as Data;
    expect(Math.abs((slope[0] as number) - exact) / Math.abs(exact)).toBeLessThan(
      backend.supports.sumDepth(70_001) * 2 ** -24,
    );
    compiled.dispose();
  });

  test('bad input is refused by name, and the backend goes on', async () => {
    const spec: TensorSpec = { shape: [2, 3], dtype: 'float32' };
    await expect(backend.compile(relu(), { ...spec, dtype: 'float64' })).rejects.toThrow(UnsupportedError);
    await expect(backend.compile(relu(), { ...spec, shape: [2, -3] })).rejects.toThrow(ShapeError);
    await expect(backend.compile(velu({ extent: 'channel' }), spec)).rejects.toThrow(ShapeError);
    await expect(backend.compile(relu(), { shape: [2 ** 20, 2 ** 20], dtype: 'float32' })).rejects.toThrow(
      /the tensor must be at most/,
    );
    const compiled = await backend.compile(velu(), spec);
    await expect(compiled.forward({ x: new Float32Array(5) })).rejects.toThrow(ShapeError);
    await expect(compiled.forward({ x: new Float64Array(6) })).rejects.toThrow(DtypeError);
    const x = new Float32Array(6);
    await expect(compiled.forward({ x, parameters: { slope: Float32Array.of(1) } })).rejects.toThrow(ParameterError);
    await expect(compiled.forward({ x, parameters: { epsilon: Float32Array.of(0) } })).rejects.toThrow(ParameterError);
    expect((await compiled.forward({ x })).y).toEqual(x);
  });
});

import {
  type Activation,
  type ActivationBackend,
  adaRelu,
  catalogue,
  createReferenceBackend,
  DisposedError,
  DtypeError,
  decodeHalf,
  defineActivation,
  elu,
  encodeHalf,
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
import { expectNear, providers, sample } from '../testing/nearness.ts';
import { createBackend } from './backend.ts';

const reference = createReferenceBackend();

const variants: Record<string, Activation> = {
  ...Object.fromEntries(Object.entries(catalogue).map(([name, define]) => [name, define()])),
  'velu, std per channel, clipped': velu({ statistic: 'std', extent: 'channel', adaptClip: [0.5, 2] }),
  'velu, equation 1': velu({ statistic: 'std', extent: 'tensor', transport: 'output' }),
  'velu with its penalty': velu({ transport: 'penalty', extent: 'sample' }),
  'adaRelu per row': adaRelu({ extent: 'row' }),
  /** y = x·σ(x)·(1 + k·mean(x)): what a user would define. */
  'a definition of a user': defineActivation({
    name: 'mine',
    parameters: { k: trainable(0.3) },
    forward: (x, { k }) => mul(vanishingProduct(x, sigmoid(x)), add(1, mul(k, mean(x, 'sample')))),
    limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
  })(),
  'parts of a user': defineActivation({
    name: 'parts',
    parameters: { k: trainable(0.3) },
    forward: (x, { k }) => [x, mul(k, sigmoid(x)), mul(x, mean(x, 'row'))],
    limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
  })(),
};

describe.each(providers)('%s', (provider) => {
  let backend: ActivationBackend;
  beforeAll(async () => {
    backend = await createBackend({ provider });
  });
  afterAll(() => backend.dispose());

  const spec: TensorSpec = { shape: [2, 3, 41], dtype: 'float32', channelAxis: 1 };
  const length = 2 * 3 * 41;

  test('says what it is', () => {
    expect(backend.name).toBe(`onnxruntime-${provider}`);
    expect(backend.device.description).toMatch(/^ONNX Runtime 1\.\d+/);
    expect(backend.device.software).toBe(provider === 'webgpu' && gpuKind() === 'software');
  });

  test('gives the golden row of velu', async () => {
    const compiled = await backend.compile(velu(), { shape: [1, 5], dtype: 'float32' });
    const x = Float32Array.of(-2, -1, 0, 1, 2);
    const { y } = await compiled.forward({ x });
    expectNear(y, Float64Array.of(-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498));
    const gradient = await compiled.vjp({ x, upstream: { y: new Float32Array(5).fill(1) } });
    const golden = [0.507563714486, 0.51779439807, 0.528122029847, 0.538449661624, 0.548680345209];
    expectNear(gradient.x, Float64Array.from(golden));
  });

  test.each(Object.keys(variants))('%s agrees with the reference', async (name) => {
    const activation = variants[name] as Activation;
    const [ours, theirs] = [await backend.compile(activation, spec), await reference.compile(activation, spec)];
    const x = sample(length);
    const parts = activation.forward.y.length;
    const upstream = { y: sample(parts * length, 1.5).reverse(), ...(activation.forward.penalty && { penalty: 0.7 }) };

    const [got, want] = [await ours.forward({ x }), await theirs.forward({ x })];
    expectNear(got.y, want.y, parts === 1 ? { x } : {});
    if (activation.forward.penalty)
      expectNear(Float64Array.of(got.penalty as number), Float64Array.of(want.penalty as number));
    expect(got.state).toEqual(want.state);

    const [gotGradient, wantGradient] = [await ours.vjp({ x, upstream }), await theirs.vjp({ x, upstream })];
    expectNear(gotGradient.x, wantGradient.x, { x });
    expect(Object.keys(gotGradient.parameters)).toEqual(Object.keys(wantGradient.parameters));
    for (const [parameter, values] of Object.entries(wantGradient.parameters)) {
      expectNear(gotGradient.parameters[parameter] as Float32Array, values, { terms: length * 8 });
    }
    ours.dispose();
  });

  test('takes parameters per channel, and sums their gradients over the rest', async () => {
    const own = { ...spec, parameterShapes: { slope: [3, 1] } };
    const [ours, theirs] = [await backend.compile(prelu(), own), await reference.compile(prelu(), own)];
    const inputs = { x: sample(length), parameters: { slope: Float32Array.of(0.1, 0.2, 0.5) } };
    expectNear((await ours.forward(inputs)).y, (await theirs.forward(inputs)).y);
    const upstream = { y: sample(length) };
    const got = (await ours.vjp({ ...inputs, upstream })).parameters.slope as Float32Array;
    const want = (await theirs.vjp({ ...inputs, upstream })).parameters.slope as Float32Array;
    expectNear(got, want, { terms: length * 8 });
  });

  test('lets the counts of an earlier batch decide', async () => {
    const [batch, frozen] = [adaRelu({ extent: 'row' }), adaRelu({ extent: 'row', mode: 'frozen' })];
    const own: TensorSpec = { shape: [2, 3], dtype: 'float32' };
    const { state } = await (await backend.compile(batch, own)).forward({ x: Float32Array.of(1, 2, -1, -1, -2, 1) });
    const compiled = await backend.compile(frozen, own);
    const x = Float32Array.of(-3, -3, -3, 4, 4, 4);
    const result = await compiled.forward({ x, state });
    expect(result).toEqual({ y: x, state });
  });

  test('gives the limit at infinities, and NaN for NaN', async () => {
    const ends = Float32Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN);
    const upstream = { y: new Float32Array(3).fill(1) };
    for (const [activation, values, slopes] of [
      [swish(), [0, Number.POSITIVE_INFINITY], [0, 1]],
      [gelu(), [0, Number.POSITIVE_INFINITY], [0, 1]],
      [elu(), [-1, Number.POSITIVE_INFINITY], [0, 1]],
      [relu(), [0, Number.POSITIVE_INFINITY], [0, 1]],
    ] as const) {
      const compiled = await backend.compile(activation, { shape: [3], dtype: 'float32' });
      const { y } = await compiled.forward({ x: ends });
      const { x } = await compiled.vjp({ x: ends, upstream });
      expect(
        Array.from(y, (value) => value + 0),
        activation.name,
      ).toEqual([...values, Number.NaN]);
      expect(
        Array.from(x, (value) => value + 0),
        activation.name,
      ).toEqual([...slopes, Number.NaN]);
    }
  });

  test('takes scalars and tensors without elements', async () => {
    const scalar = await backend.compile(velu({ transport: 'penalty' }), { shape: [], dtype: 'float32' });
    const wanted = await reference.compile(velu({ transport: 'penalty' }), { shape: [], dtype: 'float32' });
    const inputs = { x: Float32Array.of(1.5) };
    expectNear((await scalar.forward(inputs)).y, (await wanted.forward(inputs)).y);
    expectNear(
      (await scalar.vjp({ ...inputs, upstream: { y: inputs.x } })).x,
      (await wanted.vjp({ ...inputs, upstream: { y: inputs.x } })).x,
    );

    const none: TensorSpec = { shape: [0, 3], dtype: 'float32' };
    for (const activation of [adaRelu({ extent: 'row' }), velu({ transport: 'penalty' })]) {
      const inputs = { x: new Float32Array(0) };
      const got = await (await backend.compile(activation, none)).forward(inputs);
      expect(got).toEqual(await (await reference.compile(activation, none)).forward(inputs));
    }
    const empty = await backend.compile(prelu(), none);
    const nothing = new Float32Array(0);
    expect((await empty.forward({ x: nothing })).y).toEqual(nothing);
    expect(await empty.vjp({ x: nothing, upstream: { y: nothing } })).toEqual({
      x: nothing,
      parameters: { slope: new Float32Array(1) },
    });
  });

  test('keeps the deviations of a group far from 0', async () => {
    const own: TensorSpec = { shape: [4096], dtype: 'float32' };
    const activation = velu({ statistic: 'std', extent: 'tensor', gamma: 1 });
    const x = Float32Array.from({ length: 4096 }, (_, index) => 1e4 + 1e-2 * Math.sin(index));
    const [ours, theirs] = [await backend.compile(activation, own), await reference.compile(activation, own)];
    expectNear((await ours.forward({ x })).y, (await theirs.forward({ x })).y, { x });
  });

  test('refuses what does not fit, before any work', async () => {
    await expect(backend.compile(relu(), { shape: [-1], dtype: 'float32' })).rejects.toThrow(ShapeError);
    await expect(backend.compile(relu(), { shape: [1], dtype: 'float64' })).rejects.toThrow(UnsupportedError);
    const compiled = await backend.compile(swish(), { shape: [4], dtype: 'float32' });
    await expect(compiled.forward({ x: new Float32Array(3) })).rejects.toThrow(
      'the length of x must be 4, the product of its shape (was 3).',
    );
    await expect(compiled.forward({ x: new Float64Array(4) })).rejects.toThrow(DtypeError);
    const x = new Float32Array(4);
    await expect(compiled.forward({ x, parameters: { gamma: Float32Array.of(1) } })).rejects.toThrow(ParameterError);
    compiled.dispose();
    await expect(compiled.forward({ x })).rejects.toThrow(DisposedError);
  });
});

test.each(providers.filter((provider) => provider !== 'webgpu'))('%s stores float16', async (provider) => {
  const backend = await createBackend({ provider });
  const spec: TensorSpec = { shape: [1, 64], dtype: 'float16' };
  const x = Uint16Array.from(sample(64), encodeHalf);
  const wide = { x: Float32Array.from(x, decodeHalf) };
  const compiled = await backend.compile(velu(), spec);
  const wanted = await reference.compile(velu(), { ...spec, dtype: 'float32' });
  const upstream = { y: Uint16Array.from(sample(64, 1), encodeHalf) };
  const wideUpstream = { y: Float32Array.from(upstream.y, decodeHalf) };
  const half = (values: Float32Array) => values.map((value) => decodeHalf(encodeHalf(value)));

  const { y } = await compiled.forward({ x });
  expect(y).toBeInstanceOf(Uint16Array);
  const near = (got: ArrayLike<number>, want: Float32Array) =>
    Array.from(got, decodeHalf).forEach((value, index) => {
      expect(Math.abs(value - (want[index] as number))).toBeLessThanOrEqual(2 ** -10 * Math.abs(want[index] as number));
    });
  near(y, half((await wanted.forward(wide)).y as Float32Array));
  near(
    (await compiled.vjp({ x, upstream })).x,
    half((await wanted.vjp({ ...wide, upstream: wideUpstream })).x as Float32Array),
  );
  await backend.dispose();
});

test('cuda is there, or says what it wants', async () => {
  const answer = await createBackend({ provider: 'cuda' }).then(
    (backend) => backend.name,
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(answer).toMatch(/^onnxruntime-cuda$|^UnavailableError: .*provider cuda must be available.* install script /);
});

test('a wrong provider is named', async () => {
  await expect(createBackend({ provider: 'tpu' as 'cpu' })).rejects.toThrow(
    'provider must be one of cpu, webgpu, cuda, wasm (was "tpu").',
  );
});

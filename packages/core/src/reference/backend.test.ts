import { describe, expect, test } from 'vitest';
import { add, mean, mul, sigmoid } from '../expression/index.ts';
import {
  type Activation,
  adaRelu,
  createReferenceBackend,
  defineActivation,
  gelu,
  prelu,
  type TensorSpec,
  trainable,
  velu,
} from '../index.ts';

const run = async (
  activation: Activation,
  spec: Partial<TensorSpec> & { shape: number[] },
  x: number[],
  upstream?: number[],
  penalty?: number,
) => {
  const compiled = await createReferenceBackend().compile(activation, { dtype: 'float64', ...spec });
  const data = Float64Array.from(x);
  const y = Float64Array.from(upstream ?? x.map(() => 1));
  return {
    forward: await compiled.forward({ x: data }),
    vjp: await compiled.vjp({ x: data, upstream: { y, penalty } }),
  };
};

describe('the golden row of VeLU', () => {
  const x = [-2, -1, 0, 1, 2];

  test('value, penalty and gradient to every digit that is published', async () => {
    const { forward, vjp } = await run(velu({ transport: 'penalty' }), { shape: [1, 5] }, x);
    const z = [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498];
    const gradient = [0.507563714486, 0.51779439807, 0.528122029847, 0.538449661624, 0.548680345209];
    for (const [index, value] of z.entries()) expect(forward.y[index]).toBeCloseTo(value, 12);
    for (const [index, value] of gradient.entries()) expect(vjp.x[index]).toBeCloseTo(value, 12);
    expect(forward.penalty).toBeCloseTo(0.0641557566229, 12);
    expect(vjp.parameters.lambda?.[0]).toBeCloseTo(
      z.reduce((a, b) => a + b),
      11,
    );
  });
});

describe('infinities, NaN and empty tensors', () => {
  test('gelu gives its limits', async () => {
    const { forward, vjp } = await run(gelu(), { shape: [3] }, [
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    expect([...forward.y]).toEqual([-0, Number.POSITIVE_INFINITY, Number.NaN]);
    expect([...vjp.x]).toEqual([0, 1, Number.NaN]);
  });

  test('nothing flows through the statistic of a group that holds an infinity', async () => {
    for (const statistic of ['inverseRms', 'std'] as const) {
      const { vjp } = await run(
        velu({ statistic, transport: 'penalty' }),
        { shape: [1, 3] },
        [Number.NEGATIVE_INFINITY, 1, 2],
        [1, 1, 1],
        1,
      );
      for (const value of vjp.x) expect(value).toSatisfy(Number.isFinite);
    }
  });

  test('a constant group has no deviation and no gradient through it', async () => {
    const { vjp } = await run(
      velu({ statistic: 'std', transport: 'penalty' }),
      { shape: [1, 3] },
      [0, 0, 0],
      [1, 1, 1],
      1,
    );
    expect([...vjp.x]).toEqual([0.5, 0.5, 0.5]);
  });

  test('an empty tensor gives an empty tensor', async () => {
    const { forward, vjp } = await run(adaRelu(), { shape: [0, 3] }, []);
    expect(forward.y.length).toBe(0);
    expect(vjp.x.length).toBe(0);
  });
});

describe('AdaReLU', () => {
  test('keeps the rarer sign; zeros and NaN count for neither', async () => {
    expect([...(await run(adaRelu(), { shape: [4] }, [1, 2, -3, 0])).forward.y]).toEqual([0, 0, -3, 0]);
    expect([...(await run(adaRelu(), { shape: [4] }, [1, -2, Number.NaN, 0])).forward.y]).toEqual([
      1,
      0,
      Number.NaN,
      0,
    ]);
  });

  test('a frozen choice follows the state of an earlier call', async () => {
    const compiled = await createReferenceBackend().compile(adaRelu({ mode: 'frozen' }), {
      shape: [2],
      dtype: 'float64',
    });
    const state = { positive: Float64Array.of(3), negative: Float64Array.of(1) };
    const { y } = await compiled.forward({ x: Float64Array.of(-1, 5), state });
    expect([...y]).toEqual([-1, 0]);
    await expect(compiled.forward({ x: Float64Array.of(-1, 5) })).rejects.toThrow(
      'state "negative" of adaRelu must be a Float64Array for dtype float64 (was undefined)',
    );
  });
});

test('a gradient is summed over the axes along which its parameter was broadcast', async () => {
  const { vjp } = await run(prelu(), { shape: [3, 2], parameterShapes: { slope: [2] } }, [-1, 2, -3, -4, 5, 6]);
  expect([...(vjp.parameters.slope ?? [])]).toEqual([-4, -4]);
});

test("a user's own definition with a trained factor on a statistic", async () => {
  const drifting = defineActivation({
    name: 'drifting',
    parameters: { factor: trainable(0.1) },
    forward: (x, { factor }) => mul(mul(x, sigmoid(x)), add(1, mul(factor, mean(x, 'row')))),
    limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
  });
  const x = [0.5, -1, 2, 3];
  const { forward, vjp } = await run(drifting(), { shape: [1, 4] }, x);
  const swish = (t: number) => t / (1 + Math.exp(-t));
  const average = x.reduce((a, b) => a + b) / 4;
  for (const [index, t] of x.entries()) expect(forward.y[index]).toBeCloseTo(swish(t) * (1 + 0.1 * average), 14);
  expect(vjp.parameters.factor?.[0]).toBeCloseTo(
    x.reduce((total, t) => total + swish(t) * average, 0),
    14,
  );
});

describe('bad input', () => {
  const backend = createReferenceBackend();

  test.each([
    [
      { shape: [2, -1], dtype: 'float32' },
      'shape must be non-negative integers with a product below 2^53 (was [2, -1])',
    ],
    [{ shape: [2 ** 30, 2 ** 30], dtype: 'float32' }, 'shape must be non-negative integers with a product below 2^53'],
    [{ shape: [2], dtype: 'int8' }, 'dtype must be one of "float32", "float64", "float16" (was "int8")'],
    [{ shape: [2], dtype: 'float16' }, 'dtype on reference must be one of "float32", "float64" (was "float16")'],
    [
      { shape: [2], dtype: 'float32', parameterShapes: { slopes: [2] } },
      'a parameter of prelu must be "slope" (was "slopes")',
    ],
    [
      { shape: [2], dtype: 'float32', parameterShapes: { slope: [3] } },
      'the shape of parameter "slope" must be one that broadcasts against [2] (was [3])',
    ],
    [
      { shape: [2], dtype: 'float32', parameterGradients: ['x'] },
      'a trainable parameter of prelu must be "slope" (was "x")',
    ],
  ])('%j', async (spec, message) => {
    await expect(backend.compile(prelu(), spec as TensorSpec)).rejects.toThrow(message);
  });

  test('data of another type or length', async () => {
    const compiled = await backend.compile(prelu(), { shape: [2], dtype: 'float32' });
    await expect(compiled.forward({ x: new Float64Array(2) })).rejects.toThrow(
      'x must be a Float32Array for dtype float32 (was Float64Array)',
    );
    await expect(compiled.forward({ x: new Float32Array(3) })).rejects.toThrow(
      'the length of x must be 2, the product of its shape (was 3)',
    );
    await expect(
      compiled.forward({ x: new Float32Array(2), parameters: { slope: Float32Array.of(Number.NaN) } }),
    ).rejects.toThrow("prelu's slope must be a finite number (was NaN)");
  });

  test('a channel extent without a channel axis', async () => {
    await expect(backend.compile(velu({ extent: 'channel' }), { shape: [2, 3], dtype: 'float32' })).rejects.toThrow(
      'channelAxis must be given',
    );
  });
});

import {
  type Activation,
  adaRelu,
  createReferenceBackend,
  crelu,
  type Direction,
  defineActivation,
  elementCount,
  fixed,
  gelu,
  prelu,
  type TensorSpec,
  trainable,
  velu,
} from '@isoact/core';
import { checkCompiled } from '@isoact/core/conformance';
import { add, mean, moments, mul, sigmoid, sqrt, square, sub } from '@isoact/core/expression';
import { describe, expect, test } from 'vitest';
import { createBackend, createKernel } from './index.ts';

const backend = createBackend();

/** Both directions, judged by the conformance suite. */
async function holds(activation: Activation, layout: Omit<TensorSpec, 'dtype'>): Promise<void> {
  for (const direction of ['forward', 'vjp'] as const satisfies Direction[]) {
    const result = await checkCompiled(backend, activation, { ...layout, dtype: 'float32' }, direction);
    expect(result, `${activation.name} ${direction} of ${JSON.stringify(layout)}`).toMatchObject({ passed: true });
  }
}

const noLimits = () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } });

/** x·σ(x)·(1 + k·mean(x)), as a user may write it. */
const meanGated = defineActivation({
  name: 'meanGated',
  parameters: { k: fixed(0.1) },
  forward: (x, { k }) => mul(mul(x, sigmoid(x)), add(1, mul(k, mean(x, 'row')))),
  limits: noLimits,
});

/** Three parts, one of them with a statistic. */
const threefold = defineActivation({
  name: 'threefold',
  parameters: { k: trainable(0.5) },
  forward: (x, { k }) => [x, mul(k, sigmoid(x)), mul(x, mean(square(x), 'row'))],
  limits: noLimits,
});

describe('parts along the channel axis', () => {
  test.each([0, 1, 2, 3])('axis %i', async (channelAxis) => {
    for (const shape of [
      [2, 3, 4, 5],
      [3, 1, 17, 1],
      [1, 6, 1, 8],
      [5, 2, 2, 33],
    ]) {
      await holds(crelu(), { shape, channelAxis });
      await holds(threefold(), { shape, channelAxis });
    }
  });

  test('a result of a wrong length, and no axis', () => {
    const spec = { shape: [2, 3], dtype: 'float32', channelAxis: 1 } as const;
    const x = new Float32Array(6);
    expect(() => createKernel(crelu(), spec).forward({ x }, new Float32Array(6))).toThrow(
      'the length of the result must be 12',
    );
    expect(() => createKernel(crelu(), { shape: [6], dtype: 'float32' })).toThrow('channelAxis must be given');
  });
});

describe('lengths', () => {
  test.each([1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 255, 257, 4099])('%i elements', async (length) => {
    for (const shape of [[length], [3, length], [length, 3]]) {
      for (const activation of [gelu(), velu(), velu({ statistic: 'std', transport: 'penalty' }), adaRelu()]) {
        await holds(activation, { shape });
      }
    }
  });

  test.each([[], [1], [1, 1]])('shape [%s]', async (...shape) => {
    await holds(velu({ transport: 'output' }), { shape });
  });

  test.each([[0], [0, 3], [3, 0]].map((shape) => ({ shape })))('no elements in shape $shape', ({ shape }) => {
    const spec: TensorSpec = { shape, dtype: 'float32' };
    const [x, y] = [new Float32Array(0), new Float32Array(0)];
    expect(createKernel(adaRelu(), spec).forward({ x }).y).toEqual(y);
    expect(createKernel(velu({ statistic: 'std' }), spec).vjp({ x, upstream: { y } })).toEqual({
      x,
      parameters: { lambda: Float32Array.of(0) },
    });
  });
});

describe('extents and shapes of parameters', () => {
  test.each(['tensor', 'row', 'sample', 'channel', [0, 2], [1], [0]] as const)('over %j', async (extent) => {
    for (const transport of ['none', 'penalty', 'output'] as const) {
      for (const lambda of [[], [5, 1], [6], [3, 5, 6]]) {
        const layout = { shape: [3, 5, 6], channelAxis: 1, parameterShapes: { lambda } };
        await holds(velu({ extent, transport }), layout);
        await holds(velu({ extent, transport, statistic: 'std' }), layout);
      }
    }
    await holds(adaRelu({ extent }), { shape: [3, 5, 6], channelAxis: 1 });
  });

  test.each([[5], [7, 1], [2, 1, 1], [2, 7, 5]])('a slope of shape [%s]', async (...slope) => {
    await holds(prelu(), { shape: [2, 7, 5], parameterShapes: { slope } });
  });

  test('channels last, and many of them', async () => {
    await holds(prelu(), { shape: [4, 4, 67], parameterShapes: { slope: [67] } });
    await holds(velu({ extent: 'channel', statistic: 'std' }), { shape: [9, 9, 67], channelAxis: 2 });
  });

  test("a user's own definition", async () => {
    await holds(meanGated(), { shape: [6, 37] });
  });

  test('moments of what depends on a statistic of another extent', async () => {
    const centred = defineActivation({
      name: 'centred',
      forward: (x) => {
        const { mean: average, variance } = moments(sub(x, mean(x, 'row')), [0]);
        return mul(add(x, average), sqrt(variance));
      },
      limits: noLimits,
    });
    await holds(centred(), { shape: [8, 12] });
  });
});

test('a small spread on a huge offset', async () => {
  const activation = velu({ statistic: 'std', extent: 'tensor', gain: 50, gamma: 1 });
  const spec: TensorSpec = { shape: [64, 64], dtype: 'float32' };
  const x = Float32Array.from({ length: elementCount(spec.shape) }, (_, index) => 1e4 + 1e-2 * Math.sin(index));
  const reference = await (await createReferenceBackend().compile(activation, spec)).forward({ x });
  const { y } = createKernel(activation, spec).forward({ x });
  for (const [index, value] of reference.y.entries()) expect(Math.abs((y[index] ?? 0) / value - 1)).toBeLessThan(1e-6);
});

test('the place of a value does not tell in its result', () => {
  const values = [-20.5, -1.7, -1e-3, 0.3, 2.9, 11.3];
  for (const activation of [gelu(), velu({ beta1: 1 })]) {
    for (const value of values) {
      for (const length of [3, 7, 16, 21]) {
        const spec: TensorSpec = { shape: [length], dtype: 'float32' };
        // a neighbour on the other side of each branch, but one statistic for all
        const x = Float32Array.from({ length }, (_, index) => (index % 2 ? value : -value));
        const { y } = createKernel(activation, spec).forward({ x });
        expect(new Set(y.filter((_, index) => index % 2)).size).toBeLessThanOrEqual(1);
      }
    }
  }
});

/** A backend of tfjs that no fused kernel was written for: everything is composed of its own operations. */
import { adaRelu as defineAdaRelu, velu as defineVelu, gelu, rrelu } from '@isoact/core';
import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { activateAll } from '../operations/activate.ts';
import { randomNumbers } from '../testing/compare.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node

beforeAll(() => {
  tf.copyRegisteredKernels('cpu', 'another');
  tf.registerBackend('another', () => new MathBackendCPU());
});

test.each([
  ['gelu', gelu(), {}],
  ['velu with its penalty', defineVelu({ transport: 'penalty' }), {}],
  ['adaRelu with its state', defineAdaRelu({ extent: 'row' }), {}],
  ['rrelu with its noise', rrelu({ mode: 'train' }), { seed: [1, 2] }],
] as const)('%s, forward and backward', async (_, activation, options) => {
  const compute = async (backend: string): Promise<number[][]> => {
    await tf.setBackend(backend);
    const results = tf.tidy(() => {
      const x = tf.tensor2d(randomNumbers(1, 24), [4, 6]);
      const dy = tf.tensor2d(randomNumbers(2, 24), [4, 6]);
      const { y, penalty, state } = activateAll(activation, x, options);
      const loss = (t: tf.Tensor): tf.Scalar => {
        const each = activateAll(activation, t, options);
        return tf.add(tf.sum(tf.mul(each.y, dy)), each.penalty ?? 0);
      };
      return [y, ...(penalty ? [penalty] : []), ...Object.values(state ?? {}), tf.grad(loss)(x)];
    });
    const values = results.map((tensor) => Array.from(tensor.dataSync()));
    tf.dispose(results);
    return values;
  };
  const [composed, fused] = [await compute('another'), await compute('cpu')];
  expect(composed.map(({ length }) => length)).toEqual(fused.map(({ length }) => length));
  for (const [k, values] of composed.entries()) {
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(fused[k]?.[i] as number, 4);
  }
});

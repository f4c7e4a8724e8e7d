import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { rrelu } from '../operations/catalogue.ts';
import { reload } from '../testing/reload.ts';
import { CreluLayer, RreluLayer } from './index.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node
beforeAll(async () => {
  await tf.setBackend('cpu');
});

const minus = (): tf.Tensor => tf.neg(tf.ones([2, 3]));
const numbers = (tensor: tf.Tensor | tf.Tensor[]): number[] => Array.from((tensor as tf.Tensor).dataSync());

test('takes the mean slope at inference, and other slopes at each training step', () => {
  const layer = new RreluLayer({ seed: 7 });
  for (const value of numbers(layer.apply(minus()) as tf.Tensor)) expect(value).toBeCloseTo(-11 / 48, 6);
  const steps = [0, 1].map(() => numbers(layer.apply(minus(), { training: true }) as tf.Tensor));
  expect(steps[0]).toEqual(numbers(rrelu(minus(), { mode: 'train', seed: [7, 0] })));
  expect(steps[1]).toEqual(numbers(rrelu(minus(), { mode: 'train', seed: [7, 1] })));
  expect(steps[1]).not.toEqual(steps[0]);
  for (const value of steps.flat()) {
    expect(-value).toBeGreaterThanOrEqual(1 / 8);
    expect(-value).toBeLessThan(1 / 3);
  }
});

test('its gradient has the slopes of its values', () => {
  const dy = tf.ones([2, 3]);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => rrelu(x, { mode: 'train', seed: [1, 2] }))(minus(), dy);
  expect(numbers(grad)).toEqual(numbers(tf.neg(value)));
});

test('needs a seed of two words', () => {
  expect(() => rrelu(minus(), { mode: 'train' })).toThrow('the seed of rrelu must be two integers from 0 to 2^32 - 1');
  expect(() => rrelu(minus(), { mode: 'train', seed: [1, -1] })).toThrow('Give another one at each training step.');
});

test('is saved with its seed and its draws', async () => {
  const layer = new RreluLayer({ seed: 9, lower: 3, upper: 8, draws: 'divisor' });
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3] }), layer] });
  const loaded = (await reload(model)).layers[1];
  expect(loaded?.getConfig()).toMatchObject({ seed: 9, lower: 3, upper: 8, draws: 'divisor' });
  for (const value of numbers(loaded?.apply(minus()) as tf.Tensor)) expect(value).toBeCloseTo(-1 / 5.5, 6);
});

test('CreluLayer doubles the channels, wherever they are', async () => {
  const inputShape = [4, 5];
  for (const [channelAxis, shape] of [
    [1, [null, 8, 5]],
    [-1, [null, 4, 10]],
  ] as const) {
    const layer = new CreluLayer({ channelAxis });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), layer] });
    expect(model.outputShape).toEqual(shape);
    const loaded = await reload(model);
    const x = tf.randomNormal([2, 4, 5]);
    const y = loaded.predict(x) as tf.Tensor;
    expect(y.shape.slice(1)).toEqual(shape.slice(1));
    expect(numbers(y)).toEqual(numbers(tf.concat([tf.relu(x), tf.relu(tf.neg(x))], channelAxis)));
  }
});

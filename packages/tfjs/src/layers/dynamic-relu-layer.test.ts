import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomNumbers } from '../testing/compare.ts';
import { reload } from '../testing/reload.ts';
import { DynamicReluLayer } from './index.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node
beforeAll(async () => {
  await tf.setBackend('cpu');
});

const x = (): tf.Tensor4D => tf.tensor4d(randomNumbers(1, 3 * 2 * 2 * 4), [3, 2, 2, 4]);

describe.each(['A', 'B'] as const)('DynamicReluLayer %s', (form) => {
  test('is relu at first', () => {
    for (const gate of ['sigmoid', 'hardSigmoid'] as const) {
      const y = new DynamicReluLayer({ form, gate }).apply(x()) as tf.Tensor;
      expect(y.dataSync()).toEqual(tf.relu(x()).dataSync());
    }
  });

  test('computes the larger of two lines whose coefficients its network gives', () => {
    const layer = new DynamicReluLayer({ form, reduction: 2, channelAxis: 1 });
    layer.apply(tf.transpose(x(), [0, 3, 1, 2]));
    const weights = layer.getWeights().map(({ shape, size }, k) => tf.tensor(randomNumbers(k, size, -1, 1), shape));
    layer.setWeights(weights);
    const y = tf.transpose(layer.apply(tf.transpose(x(), [0, 3, 1, 2])) as tf.Tensor, [0, 2, 3, 1]);

    const [kernel1, bias1, kernel2, bias2] = weights as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D];
    const hidden = tf.relu(tf.add(tf.matMul(tf.mean(x(), [1, 2]) as tf.Tensor2D, kernel1), bias1)) as tf.Tensor2D;
    const gate = tf.sub(tf.mul(2, tf.sigmoid(tf.add(tf.matMul(hidden, kernel2), bias2))), 1);
    const [a1, a2, b1, b2] = tf.split(gate, 4, 1).map((each) => tf.reshape(each, [3, 1, 1, form === 'A' ? 1 : 4])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const first = tf.add(tf.mul(tf.add(1, a1), x()), tf.mul(0.5, b1));
    const second = tf.add(tf.mul(a2, x()), tf.mul(0.5, b2));
    for (const [k, value] of tf.maximum(first, second).dataSync().entries())
      expect(y.dataSync()[k]).toBeCloseTo(value, 5);
  });

  test('trains, and keeps its weights through saving', async () => {
    const layers = [tf.layers.inputLayer({ inputShape: [2, 2, 4] }), new DynamicReluLayer({ form, reduction: 2 })];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
    const wanted = tf.mul(x(), 0.5);
    const first = (await model.trainOnBatch(x(), wanted)) as number;
    for (let step = 0; step < 40; step++) await model.trainOnBatch(x(), wanted);
    expect((await model.trainOnBatch(x(), wanted)) as number).toBeLessThan(0.5 * first);
    const loaded = await reload(model);
    expect((loaded.predict(x()) as tf.Tensor).dataSync()).toEqual((model.predict(x()) as tf.Tensor).dataSync());
  });
});

test('bad settings', () => {
  expect(() => new DynamicReluLayer({ form: 'C' as 'A' })).toThrow(
    'dynamic ReLU\'s form must be one of "B", "A" (was "C").',
  );
  expect(() => new DynamicReluLayer({ reduction: 0 })).toThrow('must be a finite number of at least 1 (was 0).');
});

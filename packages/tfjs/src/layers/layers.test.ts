import { choice, defineActivation, velu as defineVelu, trainable } from '@isoact/core';
import { mul } from '@isoact/core/expression';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { activateAll } from '../operations/activate.ts';
import { velu } from '../operations/catalogue.ts';
import { randomNumbers } from '../testing/compare.ts';
import { reload } from '../testing/reload.ts';
import { AdaReluLayer, activationLayer, calibrate, PreluLayer, SwishLayer, VeluLayer } from './index.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node
beforeAll(async () => {
  await tf.setBackend('cpu');
});

const input = (rows: number, columns: number, seed = 1): tf.Tensor2D =>
  tf.tensor2d(randomNumbers(seed, rows * columns), [rows, columns]);
const predict = (model: tf.LayersModel, x: tf.Tensor): Float32Array =>
  tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync() as Float32Array);

describe('a layer', () => {
  test('computes its activation, its trainable parameters as weights', () => {
    const layer = new VeluLayer({ alpha: 0.5, lambda: 2 });
    const x = input(3, 4);
    const y = layer.apply(x) as tf.Tensor;
    expect(y.dataSync()).toEqual(velu(x, { alpha: 0.5, lambda: 2 }).dataSync());
    expect(layer.trainableWeights.map(({ name, shape }) => [name.replace(/.*\//, ''), shape])).toEqual([
      ['lambda', []],
    ]);
    expect(layer.name).toMatch(/^velu_layer/);
  });

  test('keeps one weight per channel on request', () => {
    const layer = new PreluLayer({ perChannel: true, channelAxis: 1, slope: 0.5 });
    const y = layer.apply(tf.tensor3d([-1, -2, -3, -4], [1, 2, 2])) as tf.Tensor;
    expect(Array.from(y.dataSync())).toEqual([-0.5, -1, -1.5, -2]);
    expect(layer.weights[0]?.shape).toEqual([2, 1]);
  });

  test('trains beta of swish only on request', () => {
    const [plain, trained] = [new SwishLayer(), new SwishLayer({ trains: ['beta'] })];
    for (const layer of [plain, trained]) layer.apply(input(1, 2));
    expect([plain.weights.length, trained.weights.length]).toEqual([0, 1]);
  });

  test('of your own needs a name and a definition', async () => {
    const scaled = defineActivation({
      name: 'scaled',
      parameters: { factor: trainable(3) },
      options: { unit: choice('metre', 'cm', 'KM_h') }, // tfjs changes the case of what it saves
      forward: (x, { factor }, { unit }) => mul(factor, unit === 'KM_h' ? x : mul(0, x)),
      limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
    });
    const ScaledLayer = activationLayer('ScaledLayer', scaled);
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [2] }), new ScaledLayer({ factor: 4, unit: 'KM_h' })],
    });
    expect(Array.from(predict(await reload(model), tf.tensor2d([1, 2], [1, 2])))).toEqual([4, 8]);
  });

  test('bad settings', () => {
    expect(() => new VeluLayer({ alfa: 1 } as object)).toThrow('a setting of velu must be one of "alpha"');
    expect(() => new VeluLayer({ trains: ['alpha'] } as object)).toThrow(
      'trains of a velu layer must be of "lambda" (was "alpha").',
    );
    expect(() => new SwishLayer({ perChannel: ['beta'] })).toThrow('perChannel of a swish layer must be of empty');
    const frozen = new AdaReluLayer({ mode: 'frozen', extent: 'row' });
    expect(() => frozen.apply(input(2, 3))).toThrow(
      'the extent of a frozen AdaReluLayer must be one that spans the batch',
    );
  });
});

describe('a model', () => {
  const settings = { statistic: 'std', extent: 'row', adaptClip: [0.5, 2], alpha: 0.3, transportWeight: 0.2 } as const;

  test('keeps weights and options through saving, bit for bit', async () => {
    const layers = [
      tf.layers.dense({ units: 5, inputShape: [4] }),
      new VeluLayer({ ...settings, perChannel: true }),
      new AdaReluLayer({ extent: 'channel', mode: 'frozen' }),
    ];
    const model = tf.sequential({ layers });
    layers[1]?.setWeights([tf.tensor1d([1, 2, 3, 4, 5])]);
    layers[2]?.setWeights([tf.tensor2d([[1, 2, 3, 4, 5]]), tf.tensor2d([[5, 4, 3, 2, 1]])]);
    const x = input(6, 4);
    const loaded = await reload(model);
    expect(predict(loaded, x)).toEqual(predict(model, x));
    expect(loaded.layers[1]?.getConfig()).toMatchObject({ ...settings, perChannel: ['lambda'], channelAxis: -1 });
  });

  test('adds the penalty of VeLU to its loss in fit', async () => {
    const transportWeight = 0.5;
    const build = (): tf.Sequential => {
      const model = tf.sequential({
        layers: [tf.layers.inputLayer({ inputShape: [4] }), new VeluLayer({ transportWeight })],
      });
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      return model;
    };
    const [x, wanted] = [input(8, 4), input(8, 4, 2)];
    const { y, penalty } = activateAll(defineVelu({ transport: 'penalty' }), x);
    const expected = tf.losses.meanSquaredError(wanted, y).dataSync()[0] as number;
    const weighted = transportWeight * (penalty?.dataSync()[0] as number);
    const model = build();
    const history = await model.fit(x, wanted, { batchSize: 8, epochs: 1, shuffle: false });
    expect(history.history.loss?.[0]).toBeCloseTo(expected + weighted, 5);

    // λ moves along the gradient of the whole: that of the mean square, for the penalty does not depend on λ
    const lambda = model.layers[1]?.getWeights()[0]?.dataSync()[0] as number;
    const slope = tf.grad((l: tf.Tensor) => tf.losses.meanSquaredError(wanted, velu(x, { lambda: l })))(tf.scalar(1));
    expect(lambda).toBeCloseTo(1 - 0.1 * (slope.dataSync()[0] as number), 5);
  });

  test('hands the gradient of the penalty to the layers before', async () => {
    const transportWeight = 0.5;
    const [x, wanted] = [input(8, 4), input(8, 3, 2)];
    const start = tf.tensor2d(randomNumbers(3, 12, -1, 1), [4, 3]);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, useBias: false, inputShape: [4], weights: [start] }),
        new VeluLayer({ transportWeight, trains: [] }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    await model.fit(x, wanted, { batchSize: 8, epochs: 1, shuffle: false });
    const moved = model.layers[0]?.getWeights()[0] as tf.Tensor;

    const slopeOf = (weight: number) =>
      tf.grad((kernel: tf.Tensor) => {
        const product = tf.matMul(x, kernel as tf.Tensor2D);
        const { y, penalty } = activateAll(defineVelu({ transport: 'penalty' }), product);
        return tf.add(tf.losses.meanSquaredError(wanted, y), tf.mul(weight, penalty as tf.Tensor));
      })(start);
    const [whole, without] = [transportWeight, 0].map((weight) => tf.sub(start, tf.mul(0.1, slopeOf(weight))));
    expect(tf.max(tf.abs(tf.sub(moved, whole as tf.Tensor))).dataSync()[0]).toBeLessThan(1e-5);
    expect(tf.max(tf.abs(tf.sub(moved, without as tf.Tensor))).dataSync()[0]).toBeGreaterThan(1e-3);
  });

  test('trains without leaving tensors behind', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 6, inputShape: [4] }),
        new VeluLayer(),
        new AdaReluLayer({ mode: 'frozen' }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    const [x, y] = [input(8, 4), input(8, 2)];
    await model.trainOnBatch(x, y);
    const { numTensors } = tf.memory();
    for (let step = 0; step < 50; step++) await model.trainOnBatch(x, y);
    predict(model, x);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('with a frozen AdaReLU decides by the batch while it trains, and moves its counts', async () => {
    const layer = new AdaReluLayer({ mode: 'frozen', countMomentum: 0.75 });
    const x = tf.tensor2d([[1, 2, -3]]); // two positive, one negative: the negative part stays
    expect(Array.from((layer.apply(x) as tf.Tensor).dataSync())).toEqual([1, 2, 0]); // counts of 0 and 0
    expect(Array.from((layer.apply(x, { training: true }) as tf.Tensor).dataSync())).toEqual([0, 0, -3]);
    expect(layer.getWeights().map((weight) => weight.dataSync()[0])).toEqual([0.5, 0.25]);
    layer.apply(x, { training: true });
    expect(layer.getWeights().map((weight) => weight.dataSync()[0])).toEqual([0.875, 0.4375]);
    expect(Array.from((layer.apply(tf.neg(x)) as tf.Tensor).dataSync())).toEqual([-1, -2, 0]); // by the counts
    expect(layer.trainableWeights).toEqual([]);
  });

  test('with a frozen AdaReLU answers by the counts it was calibrated with', () => {
    const layer = new AdaReluLayer({ mode: 'frozen' });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3] }), layer] });
    const negative = tf.tensor2d([[-1, -2, 1]]);
    expect(Array.from(predict(model, negative))).toEqual([0, 0, 1]);
    calibrate(model, [tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[1, 2, -3]])]);
    expect(layer.getWeights().map((weight) => weight.dataSync()[0])).toEqual([2.5, 0.5]);
    expect(Array.from(predict(model, negative))).toEqual([-1, -2, 0]);
  });
});

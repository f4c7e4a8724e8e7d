import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { AdaReluLayer, CreluLayer, ReluLayer, replaceActivations, VeluLayer } from '../layers/index.ts';
import { velu } from '../operations/catalogue.ts';
import { randomNumbers } from '../testing/compare.ts';
import { reload } from '../testing/reload.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node
beforeAll(async () => {
  await tf.setBackend('cpu');
});

const images = (): tf.Tensor4D => tf.tensor4d(randomNumbers(1, 2 * 6 * 6 * 2, -1, 1), [2, 6, 6, 2]);
const outputOf = (model: tf.LayersModel, x: tf.Tensor): number[] =>
  tf.tidy(() => Array.from((model.predict(x) as tf.Tensor).dataSync()));
const expectClose = (got: readonly number[], expected: readonly number[]): void => {
  expect(got.length).toBe(expected.length);
  got.forEach((value, k) => {
    expect(value).toBeCloseTo(expected[k] as number, 5);
  });
};

const convnet = (): tf.Sequential =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2], name: 'conv' }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.reLU({ name: 'act' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ units: 4, activation: 'relu', name: 'hidden' }),
      tf.layers.dense({ units: 2, activation: 'softmax', name: 'out' }),
    ],
  });

test('the head of a sequential model', () => {
  const old = convnet();
  const { model, replaced } = replaceActivations(old, { from: 'relu', to: () => new VeluLayer(), where: 'head' });
  expect(replaced.map(({ layer, form, by }) => [layer, form, by])).toEqual([['hidden', 'argument', 'VeluLayer']]);
  expect(model.layers.map(({ name }) => name)).toEqual([
    'conv',
    'norm',
    'act',
    'flat',
    'hidden',
    'hidden_activation',
    'out',
  ]);

  const x = images();
  const features = tf
    .model({ inputs: old.inputs, outputs: old.getLayer('flat').output as tf.SymbolicTensor })
    .predict(x) as tf.Tensor;
  const dense = (input: tf.Tensor, name: string): tf.Tensor => {
    const [kernel, bias] = old.getLayer(name).getWeights() as [tf.Tensor2D, tf.Tensor1D];
    return tf.add(tf.matMul(input as tf.Tensor2D, kernel), bias);
  };
  const expected = tf.softmax(dense(velu(dense(features, 'hidden')), 'out'));
  expectClose(outputOf(model, x), Array.from(expected.dataSync()));
});

test('all of it, arguments and layers, under the old names; the model that was there stays', () => {
  const old = convnet();
  const before = outputOf(old, images());
  const { model, replaced } = replaceActivations(old, { from: 'relu', to: () => new VeluLayer() });
  expect(replaced.map(({ layer, form }) => [layer, form])).toEqual([
    ['conv', 'argument'],
    ['act', 'layer'],
    ['hidden', 'argument'],
  ]);
  expect(model.getLayer('act').getClassName()).toBe('VeluLayer');
  expect(outputOf(model, images())).not.toEqual(before);
  expect(outputOf(old, images())).toEqual(before);
});

test('weights stay as they are, those of replaced layers too', () => {
  const old = convnet();
  const { model } = replaceActivations(old, { from: 'relu', to: () => new VeluLayer() });
  for (const { name } of old.layers.filter((layer) => layer.getWeights().length > 0)) {
    const [before, after] = [old, model].map((each) =>
      each
        .getLayer(name)
        .getWeights()
        .map((w) => w.dataSync()),
    );
    expect(after).toEqual(before);
  }
  expect(model.countParams()).toBe(old.countParams() + 3); // a λ each
});

test('what was replaced is saved and loaded, in nested models and shared layers too', async () => {
  const shared = tf.layers.dense({ units: 3, activation: 'relu', name: 'shared' });
  const nested = tf.sequential({ name: 'nested', layers: [tf.layers.reLU({ inputShape: [3], name: 'inner' })] });
  const [a, b] = [tf.input({ shape: [2] }), tf.input({ shape: [2] })];
  const [left, right] = [shared.apply(a), shared.apply(b)] as [tf.SymbolicTensor, tf.SymbolicTensor];
  const sum = tf.layers.add().apply([nested.apply(left) as tf.SymbolicTensor, right]) as tf.SymbolicTensor;
  const old = tf.model({ inputs: [a, b], outputs: sum });
  const { model, replaced } = replaceActivations(old, {
    from: 'relu',
    to: ({ path }) => (path.length > 0 ? new AdaReluLayer() : new VeluLayer({ perChannel: true, alpha: 0.5 })),
  });
  expect(replaced.map(({ by }) => by).sort()).toEqual(['AdaReluLayer', 'VeluLayer']);
  model.getLayer('shared_activation').setWeights([tf.tensor1d([1, 2, 3])]);
  const inputs = [tf.tensor2d([[1, -2]]), tf.tensor2d([[-1, 3]])];
  const loaded = await reload(model);
  const [before, after] = [model, loaded].map((each) => (each.predict(inputs) as tf.Tensor).dataSync());
  expect(after).toEqual(before);
});

test('the head of a functional model is what no feature extraction comes after, on any branch', () => {
  const image = tf.input({ shape: [6, 6, 2] });
  const aside = tf.input({ shape: [4] });
  const conv = tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', name: 'conv' });
  const before = tf.layers.dense({ units: 32, activation: 'relu', name: 'before' });
  const map = tf.layers.conv2d({ filters: 2, kernelSize: 3, name: 'map' });
  const after = tf.layers.dense({ units: 3, activation: 'relu', name: 'after' });
  const unfolded = tf.layers.reshape({ targetShape: [4, 4, 2] }).apply(before.apply(aside)) as tf.SymbolicTensor;
  const joined = tf.layers.add().apply([conv.apply(image) as tf.SymbolicTensor, unfolded]) as tf.SymbolicTensor;
  const flat = tf.layers.flatten().apply(map.apply(joined)) as tf.SymbolicTensor;
  const old = tf.model({ inputs: [image, aside], outputs: after.apply(flat) as tf.SymbolicTensor });
  const { replaced, model } = replaceActivations(old, { from: 'relu', to: () => new VeluLayer(), where: 'head' });
  expect(replaced.map(({ layer }) => layer)).toEqual(['after']);

  const inputs = [images(), tf.tensor2d(randomNumbers(2, 8), [2, 4])];
  const features = tf.model({ inputs: old.inputs, outputs: flat }).predict(inputs) as tf.Tensor2D;
  const [kernel, bias] = old.getLayer('after').getWeights() as [tf.Tensor2D, tf.Tensor1D];
  const expected = velu(tf.add(tf.matMul(features, kernel), bias));
  expectClose(Array.from((model.predict(inputs) as tf.Tensor).dataSync()), Array.from(expected.dataSync()));
});

test('a replacement that computes the same changes no output', () => {
  const old = convnet();
  const { model } = replaceActivations(old, { from: 'relu', to: () => new ReluLayer() });
  expectClose(outputOf(model, images()), outputOf(old, images()));
});

test('shared layers, branches and nested models', () => {
  const shared = tf.layers.dense({ units: 3, activation: 'relu', name: 'shared' });
  const nested = tf.sequential({
    name: 'nested',
    layers: [tf.layers.dense({ units: 3, activation: 'relu', inputShape: [3], name: 'inner' })],
  });
  const [a, b] = [tf.input({ shape: [2] }), tf.input({ shape: [2] })];
  const [left, right] = [shared.apply(a), shared.apply(b)] as [tf.SymbolicTensor, tf.SymbolicTensor];
  const joined = tf.layers.add().apply([nested.apply(left) as tf.SymbolicTensor, right]) as tf.SymbolicTensor;
  const old = tf.model({ inputs: [a, b], outputs: [joined, right] });

  const inputs = [tf.tensor2d([[1, -2]]), tf.tensor2d([[-1, 3]])];
  const all = (model: tf.LayersModel): number[] =>
    (model.predict(inputs) as tf.Tensor[]).flatMap((y) => Array.from(y.dataSync()));
  const same = replaceActivations(old, { from: 'relu', to: () => new ReluLayer() });
  expect(same.replaced.map(({ path, layer }) => [...path, layer].join('/')).sort()).toEqual(['nested/inner', 'shared']);
  expectClose(all(same.model), all(old));

  const other = replaceActivations(old, {
    from: 'relu',
    to: () => new VeluLayer(),
    where: ({ path }) => path.length === 0,
  });
  expect(other.replaced.map(({ layer }) => layer)).toEqual(['shared']);
  const [kernel, bias] = shared.getWeights() as [tf.Tensor2D, tf.Tensor1D];
  const expected = velu(tf.add(tf.matMul(inputs[1] as tf.Tensor2D, kernel), bias));
  expectClose(all(other.model).slice(3), Array.from(expected.dataSync()));
});

test('what cannot be taken out of a layer stays, and is reported', () => {
  const old = tf.sequential({
    layers: [
      tf.layers.simpleRNN({ units: 2, activation: 'relu', inputShape: [3, 2], name: 'recurrent' }),
      tf.layers.dense({ units: 2, activation: 'relu', name: 'dense' }),
    ],
  });
  const { kept, replaced } = replaceActivations(old, { from: 'relu', to: () => new ReluLayer() });
  expect(replaced.map(({ layer }) => layer)).toEqual(['dense']);
  expect(kept.map(({ layer, reason }) => [layer, reason])).toEqual([
    ['recurrent', 'the activation lies inside of SimpleRNN'],
  ]);
  expect(() => replaceActivations(old, { from: 'tanh', to: () => new ReluLayer() })).toThrow(
    'an activation to replace must be tanh that the rule admits (was "none"). The model has: relu in recurrent, relu in dense.',
  );
});

test('an activation that gives more channels than the next layer was built for', () => {
  expect(() => replaceActivations(convnet(), { from: 'relu', to: () => new CreluLayer() })).toThrow(
    'a replacement must be one whose output has the shape of its input (was "crelu")',
  );
});

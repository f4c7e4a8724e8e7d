/** Real training: a small convolutional network on images that are made here, in both replacements of the VeLU paper. */
import { gpuKind } from '@isoact-tooling/gpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialize } from '../backend/peers.ts';
import { replaceActivations, VeluLayer } from '../layers/index.ts';
import { randomNumbers } from '../testing/compare.ts';
import { reload } from '../testing/reload.ts';
import { enableWasmTraining } from './wasm-training.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node

const side = 8;
const perClass = 16;

/** Horizontal bars, vertical bars and checks, at random places, in noise. */
function makeImages(seed: number): { images: tf.Tensor4D; labels: tf.Tensor2D } {
  const noise = randomNumbers(seed, 3 * perClass * side * side, -0.3, 0.3);
  const phases = randomNumbers(seed + 1, 3 * perClass, 0, 4);
  const pixels = noise.map((value, k) => {
    const image = Math.floor(k / (side * side));
    const [row, column] = [Math.floor(k / side) % side, k % side];
    const along = [row, column, row + column][image % 3] as number;
    return value + (Math.floor(along + (phases[image] as number)) % 4 < 2 ? 1 : 0);
  });
  const classes = Array.from({ length: 3 * perClass }, (_, image) => image % 3);
  return {
    images: tf.tensor4d(pixels, [3 * perClass, side, side, 1]),
    labels: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 3), 'float32') as tf.Tensor2D),
  };
}

function buildRelu(): tf.Sequential {
  const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [side, side, 1],
        kernelInitializer: kernelInitializer(1),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 8, activation: 'relu', kernelInitializer: kernelInitializer(2) }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: kernelInitializer(3) }),
    ],
  });
}

const available = (['wasm', 'webgpu'] as const).filter((backend) => backend !== 'webgpu' || gpuKind() !== 'none');

describe.each(available)('on %s', (backend) => {
  beforeAll(async () => {
    await initialize(backend);
    if (backend === 'wasm') await enableWasmTraining();
    await tf.setBackend(backend);
  });

  test.each(['head', 'all'] as const)('a convolutional network trains with VeLU in %s', async (where) => {
    const relu = buildRelu();
    const { model, replaced } = replaceActivations(relu, { from: 'relu', to: () => new VeluLayer(), where });
    expect(replaced.length).toBe(where === 'head' ? 1 : 2);
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });
    const { images, labels } = makeImages(1);
    const first = (await model.trainOnBatch(images, labels)) as number;
    const { numTensors } = tf.memory();
    for (let step = 0; step < 25; step++) await model.trainOnBatch(images, labels);
    expect(tf.memory().numTensors).toBe(numTensors);
    const last = (await model.trainOnBatch(images, labels)) as number;
    expect(last).toBeLessThan(0.5 * first);

    for (const layer of model.layers.filter((each) => each instanceof VeluLayer)) {
      const [lambda] = await (layer.getWeights()[0] as tf.Tensor).data();
      expect(Math.abs((lambda as number) - 1)).toBeGreaterThan(1e-3);
    }
    const loaded = await reload(model);
    const [before, after] = [model.predict(images) as tf.Tensor, loaded.predict(images) as tf.Tensor];
    expect(await after.data()).toEqual(await before.data());
    tf.dispose([images, labels, before, after]);
    for (const each of [relu, model, loaded]) each.dispose();
  });
});

test.runIf(available.includes('wasm'))('borrowed gradients are those of the cpu backend', async () => {
  const gradients = async (backend: string): Promise<number[]> => {
    await tf.setBackend(backend);
    const results = tf.tidy(() => {
      const x = tf.tensor4d(randomNumbers(5, 2 * 5 * 5 * 2), [2, 5, 5, 2]);
      const filter = tf.tensor4d(randomNumbers(6, 3 * 3 * 2 * 3), [3, 3, 2, 3]);
      const depthwise = tf.tensor4d(randomNumbers(7, 3 * 3 * 2 * 2), [3, 3, 2, 2]);
      return [
        ...tf.grads((a: tf.Tensor, f: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'))),
        )([x, filter]),
        ...tf.grads((a: tf.Tensor, f: tf.Tensor) =>
          tf.sum(tf.square(tf.depthwiseConv2d(a as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'))),
        )([x, depthwise]),
      ];
    });
    const values = await Promise.all(results.map(async (result) => Array.from(await result.data())));
    tf.dispose(results);
    return values.flat();
  };
  const [wasm, cpu] = [await gradients('wasm'), await gradients('cpu')];
  for (const [k, value] of wasm.entries())
    expect(Math.abs(value - (cpu[k] as number))).toBeLessThan(1e-5 * (1 + Math.abs(value)));
  expect(await enableWasmTraining()).toEqual([]);
});

/** Two moons, told apart by a small network with VeLU; the same network with ReLU beside it. */
import { VeluLayer } from '@isoact/tfjs/layers';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

await tf.setBackend('wasm');

/** Points on two interleaved half circles, with noise, and which of the two each lies on. */
function moons(count, seed) {
  const angle = tf.randomUniform([count, 1], 0, Math.PI, 'float32', seed);
  const side = tf.range(0, count).mod(2).reshape([count, 1]);
  const sign = tf.sub(1, side.mul(2));
  const points = tf.concat([angle.cos().mul(sign).add(side), angle.sin().mul(sign).add(side.mul(0.5))], 1);
  return { points: points.add(tf.randomNormal([count, 2], 0, 0.15, 'float32', seed + 1)), side };
}

function network(activation) {
  const dense = (units, seed, more = {}) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...more });
  const layers = [dense(16, 1, { inputShape: [2] }), activation(), dense(16, 2), activation()];
  const model = tf.sequential({ layers: [...layers, dense(1, 3, { activation: 'sigmoid' })] });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy' });
  return model;
}

const right = (model, { points, side }) =>
  tf.tidy(() => model.predict(points).greater(0.5).equal(side.cast('bool')).mean().dataSync()[0]);

const training = moons(512, 10);
const unseen = moons(512, 20);
for (const [name, activation] of [
  ['ReLU', () => tf.layers.reLU()],
  // One λ for each channel trains along; the penalty of the paper joins the loss by itself.
  ['VeLU', () => new VeluLayer({ perChannel: true, transportWeight: 0.01 })],
]) {
  const model = network(activation);
  await model.fit(training.points, training.side, { epochs: 30, batchSize: 64, shuffle: false, verbose: 0 });
  console.log(`${name}: ${(100 * right(model, unseen)).toFixed(1)} % of unseen points`);
  if (name === 'ReLU') continue;

  // Saved with its parameters, and found again by the import above.
  let saved;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
  const difference = tf.tidy(
    () => loaded.predict(unseen.points).sub(model.predict(unseen.points)).abs().max().dataSync()[0],
  );
  console.log(`saved and loaded: answers differ by ${difference}`);
}

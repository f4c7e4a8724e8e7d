/** AdaReLU in place of ReLU inside a model, and what the model answers before and after. */
import { readFile, writeFile } from 'node:fs/promises';
import { adaRelu } from '@isoact/core';
import { inspectModel, replaceActivations } from '@isoact/onnxruntime';
import { InferenceSession, Tensor } from 'onnxruntime-node';

// A classifier: 4 numbers, two hidden layers with ReLU, 3 classes.
const before = await readFile(new URL('model.onnx', import.meta.url));
for (const { activation, nodes } of inspectModel(before).activations) console.log(`found ${activation} at ${nodes}`);

const { model: after, report } = replaceActivations(before, [{ from: 'relu', to: adaRelu() }]);
console.log(`replaced ${report.replaced.length}`);
await writeFile(new URL('model.adarelu.onnx', import.meta.url), after);

const input = new Tensor(
  'float32',
  Float32Array.from({ length: 8 }, (_, index) => Math.sin(index)),
  [2, 4],
);
for (const [name, bytes] of [
  ['ReLU   ', before],
  ['AdaReLU', after],
]) {
  const session = await InferenceSession.create(bytes);
  const { classes } = await session.run({ input });
  console.log(name, [...classes.data].map((value) => value.toFixed(4)).join(' '));
}

/** Operators of TensorFlow.js, composed as its users do, as candidates. */
import type * as tf from '@tensorflow/tfjs-core';
import type { BenchCase, Candidate, CaseInputs, Contender, Cost, DeviceSummary } from '../core/candidate.ts';
import { type ComposedActivation, composedActivations } from '../peers/tfjs-composed.ts';
import { awaitTensor, type TfjsBackend, tfjs, useTfjsBackend } from './tfjs-runtime.ts';

export const tfjsPeer = (name: TfjsBackend, device: DeviceSummary): Contender => ({
  subject: `tfjs-${name} composed`,
  kind: 'peer',
  device,
  grade: 'D',
  offers: ({ activation }) => activation.name in composedActivations,
  open: async (question) => {
    await useTfjsBackend(name);
    return openComposed(name, composedActivations[question.activation.name] as ComposedActivation, question);
  },
});

async function openComposed(name: TfjsBackend, composed: ComposedActivation, question: BenchCase): Promise<Candidate> {
  const parameters = Object.values(composed.trainable).map((value) => tfjs.scalar(value));
  const resident: { x?: tf.Tensor; upstream?: tf.Tensor; outputs: tf.Tensor[] } = { outputs: [] };
  const forward = (x: tf.Tensor, ...rest: tf.Tensor[]) => composed.forward(tfjs, x, ...(rest as tf.Scalar[]));
  const gradients = tfjs.grads(forward as (...tensors: tf.Tensor[]) => tf.Tensor);
  const runOnce = (x: tf.Tensor, upstream: tf.Tensor): tf.Tensor[] =>
    // Tensors only leave the tidy: an array of numbers would be walked element by element.
    tfjs.tidy(() => (question.direction === 'forward' ? [forward(x, ...parameters)] : gradients([x, ...parameters], upstream)));

  const upload = (values: Float32Array) => tfjs.tensor(values, [...question.shape], 'float32');
  const place = async ({ x, upstream }: CaseInputs) => {
    tfjs.dispose([resident.x, resident.upstream].flatMap((tensor) => tensor ?? []));
    resident.x = upload(x);
    resident.upstream = upload(upstream);
  };
  const call = async (count: number) => {
    const { x, upstream } = resident;
    if (!x || !upstream) throw new Error('A candidate must be prepared before it is called (was not).');
    for (let k = 0; k < count; k++) {
      tfjs.dispose(resident.outputs);
      resident.outputs = runOnce(x, upstream);
    }
    await awaitTensor(resident.outputs[0] as tf.Tensor);
  };
  await place({ x: new Float32Array(tfjs.util.sizeFromShape([...question.shape])), upstream: new Float32Array(tfjs.util.sizeFromShape([...question.shape])) });
  const cost = await profiledCost(() => runOnce(resident.x as tf.Tensor, resident.upstream as tf.Tensor));
  return {
    door: 'native',
    cost,
    enter: () => useTfjsBackend(name),
    prepare: place,
    call,
    readOutputs: async () => {
      const [primary, ...rest] = await Promise.all(resident.outputs.map((tensor) => tensor.data()));
      const names = Object.keys(composed.trainable);
      return {
        primary: primary ?? [],
        parameters: Object.fromEntries(rest.map((values, index) => [names[index] ?? '', values])),
      };
    },
    dispose: async () => {
      await useTfjsBackend(name);
      tfjs.dispose([...resident.outputs, ...parameters, ...[resident.x, resident.upstream].flatMap((tensor) => tensor ?? [])]);
    },
  };
}

/** What tfjs itself says it ran: kernels that touch the data, and the bytes of their inputs and outputs. */
async function profiledCost(work: () => tf.Tensor[]): Promise<Cost> {
  let results: tf.Tensor[] = [];
  const { kernels } = await tfjs.profile(() => {
    results = work();
    return results;
  });
  const elements = (shape: readonly number[] | null | undefined) => (shape ? shape.reduce((a, b) => a * b, 1) : 0);
  const largest = Math.max(1, ...results.map((tensor) => tensor.size));
  tfjs.dispose(results);
  let [passes, bytes] = [0, 0];
  // Reshape and Identity move nothing; kernels on a few scalars are no walk over the data.
  for (const { name, inputShapes, outputShapes } of kernels) {
    if (name === 'Reshape' || name === 'Identity') continue;
    const moved = [...inputShapes, ...outputShapes].map(elements);
    bytes += 4 * moved.reduce((a, b) => a + b, 0);
    if (Math.max(...moved) >= largest) passes++;
  }
  return { passes, bytes, dispatches: kernels.length };
}

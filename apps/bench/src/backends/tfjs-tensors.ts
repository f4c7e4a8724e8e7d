/** A function of tensors as a candidate, whoever wrote it: data stays in tensors, gradients come from tfjs's own tape. */
import type * as tf from '@tensorflow/tfjs-core';
import type { BenchCase, Candidate, CaseInputs, Cost } from '../core/candidate.ts';
import { lengthOf, outputShape } from '../core/case-data.ts';
import { asFloat32, type Elements } from '../core/dtypes.ts';
import { awaitTensor, placeOf, type TfjsBackend, tfjs, useTfjsBackend } from './tfjs-runtime.ts';

export interface TensorFunction {
  /** Values of the parameters that train, in the order of `forward`'s arguments. */
  readonly trainable: Readonly<Record<string, number>>;
  forward(x: tf.Tensor, ...parameters: tf.Tensor[]): tf.Tensor;
}

/** @param cost what a call costs by design; asked of tfjs's profiler where it is not given. */
export async function openTensors(
  backend: TfjsBackend,
  { trainable, forward }: TensorFunction,
  question: BenchCase,
  cost?: Cost,
): Promise<Candidate> {
  await useTfjsBackend(backend);
  const parameters = Object.values(trainable).map((value) => tfjs.scalar(value));
  const gradients = tfjs.grads(forward);
  let xs = [tfjs.zeros([...question.shape])];
  let upstream = tfjs.zeros([...outputShape(question)]);
  let turn = 0;
  /** The last outputs on each of the inputs: kept until their turn comes again, so that outputs rotate too. */
  let results: tf.Tensor[][] = [[]];
  const runOn = (x: tf.Tensor): tf.Tensor[] =>
    // Only tensors leave the tidy: an array of numbers would be walked element by element.
    tfjs.tidy(() =>
      question.direction === 'forward' ? [forward(x, ...parameters)] : gradients([x, ...parameters], upstream),
    );
  const runNext = (): void => {
    turn = (turn + 1) % xs.length;
    const x = xs[turn];
    tfjs.dispose(results[turn] ?? []);
    results[turn] = x ? runOn(x) : [];
  };
  const last = (): tf.Tensor[] => results[turn] ?? [];
  const forget = (): void => tfjs.dispose([...xs, upstream, ...results.flat()]);

  const place = async (inputs: CaseInputs, sets = 1) => {
    forget();
    // tfjs keeps the array that it is given.
    const tensor = (values: Elements, shape: readonly number[]) => tfjs.tensor(asFloat32(values).slice(), [...shape]);
    xs = Array.from({ length: sets }, () => tensor(inputs.x, question.shape));
    upstream = tensor(inputs.upstream, outputShape(question));
    results = xs.map(() => []);
    turn = 0;
  };
  return {
    door: 'native',
    cost: cost ?? (await profiledCost(() => runOn(xs[0] as tf.Tensor), lengthOf(question))),
    enter: () => useTfjsBackend(backend),
    rotates: true,
    prepare: place,
    call: async (count) => {
      for (let k = 0; k < count; k++) runNext();
      const [first] = last();
      if (first) await awaitTensor(first);
    },
    readOutputs: async () => {
      const [primary, ...rest] = await Promise.all(last().map((tensor) => tensor.data()));
      const entries = Object.keys(trainable).map((name, index) => [name, rest[index] ?? []] as const);
      return { primary: primary ?? [], parameters: question.direction === 'vjp' ? Object.fromEntries(entries) : {} };
    },
    ranOn: () => {
      const [first] = last();
      return first ? placeOf(first) : 'cpu';
    },
    stores: () => last()[0]?.dtype ?? 'nothing',
    dispose: async () => {
      await useTfjsBackend(backend);
      forget();
      tfjs.dispose(parameters);
    },
  };
}

/** What tfjs itself says it ran: kernels that walk over the data, and the bytes of their inputs and outputs. */
async function profiledCost(work: () => tf.Tensor[], length: number): Promise<Cost> {
  let results: tf.Tensor[] = [];
  const { kernels } = await tfjs.profile(() => {
    results = work();
    return results;
  });
  tfjs.dispose(results);
  // These rename a tensor and move nothing.
  const moving = kernels.filter(({ name }) => name !== 'Reshape' && name !== 'Identity');
  const sizes = moving.map(({ inputShapes, outputShapes }) => [...inputShapes, ...outputShapes].map(elements));
  return {
    passes: sizes.filter((each) => Math.max(...each) >= length).length,
    bytes: 4 * sizes.flat().reduce((sum, size) => sum + size, 0),
    dispatches: moving.length,
  };
}

const elements = (shape: readonly number[] | null | undefined): number =>
  shape ? shape.reduce((a, b) => a * b, 1) : 0;

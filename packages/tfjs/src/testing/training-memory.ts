/** What a thousand training steps leave behind, in tfjs's own counts and in those of the device. */
import * as tf from '@tensorflow/tfjs';
import type { BackendName } from '../backend/peers.ts';
import { createBackend, prelu, velu } from '../index.ts';

/** Bytes and tensors that are held, by the names that tfjs gives them; `heap` is the length of wasm's memory. */
type HeldMemory = Readonly<Record<string, number>>;

export interface TrainingMemory {
  /** After 50 steps, in which every kernel was made, and after as many more as were asked for. */
  readonly before: HeldMemory;
  readonly after: HeldMemory;
  readonly losses: readonly [number, number];
}

/** Trains a λ per channel and a slope, through a statistic and sums over parameters, in steps of few operations of tfjs's. */
export async function trainingMemory(backend: BackendName, steps: number): Promise<TrainingMemory> {
  await createBackend({ backend });
  await tf.setBackend(backend);
  const x = tf.randomNormal([16, 8], 0, 1, 'float32', 3);
  const wanted = tf.tidy(() => tf.mul(0.01, prelu(x, { slope: 0.5 })));
  const [lambda, slope] = tf.tidy(() => [tf.ones([8]), tf.scalar(0.25)].map((value) => tf.variable(value))) as [
    tf.Variable,
    tf.Variable,
  ];
  const optimizer = tf.train.sgd(0.1);
  // how little y looks like what is wanted
  const loss = (): tf.Scalar => tf.neg(tf.sum(tf.mul(velu(prelu(x, { slope }), { lambda }), wanted)));
  /** Reads the loss only now and then: a GPU would do little else. */
  const train = async (count: number): Promise<number> => {
    for (let step = 1; step < count; step++) {
      optimizer.minimize(loss);
      if (step % 50 === 0) await slope.data();
    }
    const last = optimizer.minimize(loss, true) as tf.Scalar;
    const [value] = await last.data();
    last.dispose();
    return value as number;
  };
  const first = await train(50);
  const before = held();
  const last = await train(steps);
  const after = held();
  tf.dispose([x, wanted, lambda, slope]);
  optimizer.dispose();
  return { before, after, losses: [first, last] };
}

function held(): HeldMemory {
  const numbers = Object.entries(tf.memory()).filter(([, value]) => typeof value === 'number');
  const { wasm } = tf.backend() as { readonly wasm?: { readonly asm: { readonly memory: WebAssembly.Memory } } };
  return { ...Object.fromEntries(numbers), ...(wasm && { heap: wasm.asm.memory.buffer.byteLength }) };
}

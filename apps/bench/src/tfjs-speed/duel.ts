/**
 * One activation on one backend of tfjs, as our fused operation and as its users write it with tfjs's operations: the same
 * tensors, the same tape, the same way to wait for the result, in turns. Runs in Node and in a page.
 */
import { catalogue } from '@isoact/core';
import { activate, createBackend } from '@isoact/tfjs';
import { randomNormal } from 'd3-random';
import { median } from 'simple-statistics';
import { messageOf } from '../backends/failure.ts';
import { awaitTensor, type TfjsBackend, tfjs, useTfjsBackend } from '../backends/tfjs-runtime.ts';
import type { TensorFunction } from '../backends/tfjs-tensors.ts';
import type { Direction } from '../core/candidate.ts';
import { seededRandom } from '../core/random.ts';
import { composedActivations } from '../peers/tfjs-composed.ts';
import { tfjsOperators } from '../peers/tfjs-operators.ts';

export interface Duel {
  readonly backend: TfjsBackend;
  readonly activation: keyof typeof catalogue;
  readonly direction: Direction;
  /** Elements, in rows of 1024. */
  readonly length: number;
  /** Milliseconds after which no further round begins, where three are done. */
  readonly budget: number;
}

export interface DuelResult {
  readonly device: string;
  /** Median nanoseconds per element of a call, its completion included. */
  readonly fused: number;
  readonly composed: number;
  /** Median of composed over fused, of the calls of each round. */
  readonly ratio: number;
  /** The least of composed over the least of fused: other programs on the machine can only add to either. */
  readonly leastRatio: number;
  readonly rounds: number;
}

const columns = 1024;

/** @returns the result, or why there is none. */
export async function duel(question: Duel): Promise<DuelResult | string> {
  try {
    return await fight(question);
  } catch (error) {
    return messageOf(error);
  }
}

async function fight({ backend, activation, direction, length, budget }: Duel): Promise<DuelResult> {
  const { device } = await createBackend({ backend });
  await useTfjsBackend(backend);
  const composed = composedOf(activation);
  const normal = randomNormal.source(seededRandom(1))();
  const tensor = () => tfjs.tensor(Float32Array.from({ length }, normal), [length / columns, columns]);
  const [x, upstream] = [tensor(), tensor()];
  const names = Object.keys(composed.trainable);
  const parameters = Object.values(composed.trainable).map((value) => tfjs.scalar(value));
  const fused = (t: Tensor, ...values: Tensor[]): Tensor =>
    activate(catalogue[activation](), t, {
      parameters: Object.fromEntries(names.map((name, k) => [name, values[k] as Tensor])),
    });

  /** Milliseconds of one call, its completion included. */
  const timed = (forward: TensorFunction['forward']) => {
    const gradients = tfjs.grads(forward);
    return async (): Promise<number> => {
      const start = performance.now();
      const results = tfjs.tidy(() =>
        direction === 'forward' ? [forward(x, ...parameters)] : gradients([x, ...parameters], upstream),
      );
      await awaitTensor(results[0] as Tensor);
      const time = performance.now() - start;
      tfjs.dispose(results);
      return time;
    };
  };
  const contestants = [timed(fused), timed(composed.forward)];
  const times: number[][] = contestants.map(() => []);
  for (const run of contestants) await warmUp(run);
  const start = performance.now();
  for (let round = 0; round < 3 || (round < 31 && performance.now() - start < budget); round++) {
    for (const [k, run] of contestants.entries()) times[k]?.push(await run());
  }
  tfjs.dispose([x, upstream, ...parameters]);
  const [ours, theirs] = times as [number[], number[]];
  const perElement = (each: number[]): number => (median(each) * 1e6) / length;
  return {
    device: device.description,
    fused: perElement(ours),
    composed: perElement(theirs),
    ratio: median(theirs.map((time, round) => time / (ours[round] as number))),
    leastRatio: Math.min(...theirs) / Math.min(...ours),
    rounds: ours.length,
  };
}

type Tensor = ReturnType<TensorFunction['forward']>;

/** Compiles shaders, and lets engines compile once more what is worth it. */
async function warmUp(run: () => Promise<number>): Promise<void> {
  for (let [count, spent] = [0, 0]; count === 0 || spent < 400; count++) spent += await run();
}

function composedOf(activation: string): TensorFunction {
  const operator = tfjsOperators[activation];
  if (operator) return { trainable: {}, forward: (x) => operator(tfjs, x) };
  const composed = composedActivations[activation];
  if (!composed) throw new RangeError(`there must be a composed form of ${activation} (was none).`);
  return { ...composed, forward: (x, ...parameters) => composed.forward(tfjs, x, ...parameters) };
}

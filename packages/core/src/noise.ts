/**
 * Noise that every backend draws alike, bit for bit: Philox4x32-10, a generator that turns a counter and a key into four
 * words, so that each element has its number whatever computes it and in whatever order. Source: Salmon, Moraes, Dror
 * and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, from which the constants are.
 *
 * The element at index i takes the first word for the counter (i mod 2^32, i div 2^32, 0, 0) with the seed as the key; its
 * upper 24 bits, as a multiple of 2^-24, lie in [0, 1) and are a float32. One word of four is used, so that an element's
 * noise does not depend on how many of them a target computes at a time.
 */

import { ParameterError, refuse } from './errors.ts';
import { type Expression, intern } from './expression/node.ts';

/** Two words of 32 bits, the lower one first. */
export type Seed = ArrayLike<number>;

export const philox = {
  multipliers: [0xd2511f53, 0xcd9e8d57],
  increments: [0x9e3779b9, 0xbb67ae85],
  rounds: 10,
} as const;

/** The four words for a counter of four and a key of two. */
export function philoxWords(counter: readonly [number, number, number, number], key: Seed): Uint32Array {
  let [a, b, c, d] = counter;
  let [low, high] = [key[0] as number, key[1] as number];
  const [first, second] = philox.multipliers;
  for (let round = 0; round < philox.rounds; round++) {
    const [highA, highC] = [productHigh(first, a), productHigh(second, c)];
    [a, b, c, d] = [highC ^ b ^ low, Math.imul(second, c), highA ^ d ^ high, Math.imul(first, a)];
    low += philox.increments[0];
    high += philox.increments[1];
  }
  return Uint32Array.of(a, b, c, d);
}

/** The upper word of the product of two words. Every intermediate value is exact in float64. */
function productHigh(a: number, b: number): number {
  const [wordA, wordB] = [a >>> 0, b >>> 0];
  const low = Math.floor(((wordA & 0xffff) * wordB) / 2 ** 16);
  return Math.floor(((wordA >>> 16) * wordB + low) / 2 ** 16);
}

/** The noise of the element at an index. */
export const noiseAt = (index: number, seed: Seed): number =>
  ((philoxWords([index >>> 0, Math.floor(index / 2 ** 32), 0, 0], seed)[0] as number) >>> 8) * 2 ** -24;

/** The noise of all elements, for a backend without integer operations. */
export const noiseOf = (length: number, seed: Seed): Float32Array =>
  Float32Array.from({ length }, (_, index) => noiseAt(index, seed));

/** Refuses what is no seed, in the name of an activation. */
export function checkSeed(activation: string, seed: unknown): void {
  if (seed instanceof Uint32Array && seed.length === 2) return;
  const remedy = 'Draw another one for each training step.';
  refuse(ParameterError, `state "seed" of ${activation}`, 'a Uint32Array of two', seed, remedy);
}

/** One number of U(0, 1) for each element. */
export const noise = (): Expression => intern({ kind: 'input', name: 'noise', part: 0, draw: noiseOf, checkSeed });

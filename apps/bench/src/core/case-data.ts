/** The numbers of a case: those that are timed, and those that search for mistakes. */
import { elementCount } from '@isoact/core';
import type { BenchCase, CaseInputs } from './candidate.ts';
import { normalValues, type Random } from './random.ts';

export const lengthOf = (question: BenchCase): number => elementCount(question.shape);

/** Inputs as a layer has them: both standard normal. */
export function timedInputs(question: BenchCase, random: Random): CaseInputs {
  const length = lengthOf(question);
  return { x: normalValues(length, random), upstream: normalValues(length, random) };
}

const finiteLattice = [0, -0, 1, -1, 1e-30, -1e-30, 6, -6, 3, -3, 16, -16, 88, -88, 150, -150, 4096, -4096];

/** Finite inputs that find mistakes: breakpoints ±1 ulp, tails and magnitudes of all sizes, between ordinary values. */
export function searchingInputs(question: BenchCase, random: Random): CaseInputs {
  const { x, upstream } = timedInputs(question, random);
  const { kinks, breakpoints } = question.activation;
  const points = [...kinks.map(({ at }) => at), ...breakpoints].flatMap((at) => [
    at,
    neighbour(at, 1),
    neighbour(at, -1),
  ]);
  const special = [...finiteLattice, ...points];
  // Three elements of four: the special values first, then values of every magnitude from 2^-30 to 2^7.
  for (let index = 0; index < x.length; index++) {
    if (index % 4 === 3) continue;
    const wanted = special[index];
    x[index] = wanted ?? Math.sign(random() - 0.5) * 2 ** (37 * random() - 30);
  }
  return { x, upstream };
}

/** The float32 next to a value, away from it by one step of its bits. */
function neighbour(value: number, steps: number): number {
  const floats = Float32Array.of(value);
  const bits = new Int32Array(floats.buffer);
  bits[0] = (bits[0] ?? 0) + steps;
  return value === 0 ? steps * 1e-38 : (floats[0] ?? Number.NaN);
}

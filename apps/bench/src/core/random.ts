/** Seeded randomness: a run can be repeated with the same data in the same order. */
import { randomLcg } from 'd3-random';

/** Uniform numbers of [0, 1). */
export type Random = () => number;

export const seededRandom = (seed: number): Random => randomLcg(seed);

/** A seed for one purpose of a run, so that adding a candidate does not change another's data. */
export function seedFor(seed: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${purpose}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0) / 2 ** 32;
}

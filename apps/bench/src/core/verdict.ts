/** Whether one candidate is faster than another, said only as firmly as the samples allow. */
import { median } from 'simple-statistics';
import { mannWhitney } from './mann-whitney.ts';
import type { Random } from './random.ts';
import { ratioInterval } from './statistics.ts';

type Verdict = 'faster' | 'slower' | 'same' | 'unclear';

export interface Comparison {
  readonly verdict: Verdict;
  /** The median time over the other's: below 1 is faster. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
  readonly probability: number;
}

/** Level of the test; `statistics.confidence` is 1 less this. */
export const alpha = 0.01;
/** Differences below this are no difference to anyone. */
const margin = 0.03;

/** Compares times of a candidate with those of another, from the same run. */
export function compare(own: readonly number[], other: readonly number[], random: Random): Comparison {
  const interval = ratioInterval(own, other, random);
  const ratio = median([...own]) / median([...other]);
  const probability = mannWhitney(own, other);
  return { verdict: judge(probability, interval), ratio, interval, probability };
}

function judge(probability: number, [low, high]: readonly [number, number]): Verdict {
  if (low > 1 / (1 + margin) && high < 1 + margin) return 'same';
  if (probability < alpha && high < 1) return 'faster';
  if (probability < alpha && low > 1) return 'slower';
  return 'unclear';
}

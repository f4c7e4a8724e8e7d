/** What a set of timings says: its middle, its spread, and how sure that is. */
import { median, medianAbsoluteDeviation, quantileSorted, sampleWithReplacement } from 'simple-statistics';
import type { Random } from './random.ts';

export interface Summary {
  readonly median: number;
  /** Median absolute deviation from the median. */
  readonly mad: number;
  readonly p05: number;
  readonly p95: number;
  /** Bootstrap interval of the median, at `confidence`. */
  readonly interval: readonly [number, number];
  readonly samples: readonly number[];
}

/** Verdicts use the same level as the intervals: 1 - α. */
const confidence = 0.99;
const resamples = 400;

/** @param samples at least one. */
export function summarize(samples: readonly number[], random: Random): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantileSorted(sorted, 0.5),
    mad: medianAbsoluteDeviation(sorted),
    p05: quantileSorted(sorted, 0.05),
    p95: quantileSorted(sorted, 0.95),
    interval: bootstrap(() => median(resample(samples, random))),
    samples,
  };
}

/** Interval of the ratio of two medians, a's over b's. */
export const ratioInterval = (a: readonly number[], b: readonly number[], random: Random): readonly [number, number] =>
  bootstrap(() => median(resample(a, random)) / median(resample(b, random)));

/** The noise of a median as a share of it: what sampling on would still improve. */
export function relativeNoise(samples: readonly number[]): number {
  // 1.4826·MAD estimates a standard deviation, 1.2533 a median's standard error over a mean's (both of a normal).
  const deviation = 1.4826 * medianAbsoluteDeviation([...samples]);
  return (1.2533 * deviation) / Math.sqrt(samples.length) / median([...samples]);
}

const resample = (samples: readonly number[], random: Random) =>
  sampleWithReplacement([...samples], samples.length, random);

function bootstrap(statistic: () => number): readonly [number, number] {
  const values = Array.from({ length: resamples }, statistic).sort((a, b) => a - b);
  return [quantileSorted(values, (1 - confidence) / 2), quantileSorted(values, (1 + confidence) / 2)];
}

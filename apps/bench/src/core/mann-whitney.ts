/**
 * The two-sided Mann-Whitney U test: whether one set of timings tends to be larger than another. It asks nothing of
 * their distribution, which for timings is never normal.
 */
import { errorFunction, wilcoxonRankSum } from 'simple-statistics';

/** The exact distribution is used up to this product of sample sizes, the normal approximation above. */
const exactLimit = 900;

/** @returns the probability of a difference at least as large, if there is none. */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [a.length, b.length];
  const u = wilcoxonRankSum([...a], [...b]) - (n * (n + 1)) / 2;
  const ties = tieSizes([...a, ...b]);
  return ties.length === 0 && n * m <= exactLimit ? exactProbability(u, n, m) : normalProbability(u, n, m, ties);
}

function exactProbability(u: number, n: number, m: number): number {
  const counts = distribution(n, m);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const extreme = Math.min(u, n * m - u);
  const tail = counts.slice(0, extreme + 1).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * tail) / total);
}

/** The number of orders of n and m values that give each U: coefficients of the Gaussian binomial. */
function distribution(n: number, m: number): number[] {
  const counts = new Array<number>(n * m + 1).fill(0);
  counts[0] = 1;
  for (let k = 1; k <= n; k++) {
    for (let index = n * m; index >= m + k; index--) counts[index] = at(counts, index) - at(counts, index - m - k);
    for (let index = k; index <= n * m; index++) counts[index] = at(counts, index) + at(counts, index - k);
  }
  return counts;
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0;

/** Normal approximation with corrections for ties and continuity (Lehmann 1975, Nonparametrics, 1.5). */
function normalProbability(u: number, n: number, m: number, ties: readonly number[]): number {
  const total = n + m;
  const tied = ties.reduce((sum, size) => sum + (size ** 3 - size), 0);
  const variance = ((n * m) / 12) * (total + 1 - tied / (total * (total - 1)));
  if (variance <= 0) return 1;
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return 1 - errorFunction(z / Math.SQRT2);
}

function tieSizes(values: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()].filter((size) => size > 1);
}

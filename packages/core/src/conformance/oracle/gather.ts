/** Statistics of groups in float64: compensated sums (Neumaier 1974), means and variances about a pivot. */
import type { Groups } from './groups.ts';
import type { Gathered } from './schedule.ts';

/** float32's range, where a statistic of a float32 kernel overflows although the exact one does not. */
export const largest32 = (2 - 2 ** -23) * 2 ** 127;
/** What rounding may add to partial sums: no depth is granted that would be worth more. */
const roundingRoom = 1 + 2 ** -12;
export const saturate = (value: number): number =>
  Math.abs(value) > largest32 ? value * Number.POSITIVE_INFINITY : value;

export interface Gatherer {
  add(index: number, value: number): void;
  /** One value per group. */
  finish(): Float64Array;
}

export interface GatherOptions {
  /** Whether terms and results beyond float32's range count as infinite. */
  readonly saturated: boolean;
  /** What each sum is multiplied by: above 1 where the elements seen stand for more. */
  readonly scale: number;
  /** Called when a term or result lies beyond float32's range. */
  readonly onOverflow: () => void;
  /** What sums and means are that `onPossibleOverflow` is called for; themselves unless given. */
  readonly partialSum: number | undefined;
  /**
   * Called when a sum lies in float32's range and the magnitudes of its terms add up to more. Each partial sum is a sum
   * over a part of the terms, in whatever order they are added, and so at most Σ|terms| (times 1 + k·u, at most 1 + 2^-12): none can
   * overflow while that lies in the range. Beyond, some order of additions overflows on its way to a finite sum: to
   * an infinity, or through two of them to NaN.
   */
  readonly onPossibleOverflow: () => void;
}

/** `centre` is the mean of each group, for a variance. */
export function createGatherer(
  kind: Gathered['kind'],
  groups: Groups,
  { saturated, scale, onOverflow, partialSum, onPossibleOverflow }: GatherOptions,
  centre: Float64Array | null,
): Gatherer {
  const limit = (value: number): number => {
    if (Math.abs(value) <= largest32 || !Number.isFinite(value)) return value;
    onOverflow();
    return saturated ? saturate(value) : value;
  };
  if (kind === 'maximum') {
    const greatest = new Float64Array(groups.count);
    return {
      add: (index, value) => {
        const group = groups.of(index);
        if (value > (greatest[group] as number)) greatest[group] = value;
      },
      finish: () => greatest,
    };
  }

  const totals = new Float64Array(groups.count);
  const corrections = new Float64Array(groups.count);
  const magnitudes = new Float64Array(groups.count);
  const accumulate = (group: number, value: number, magnitude = Math.abs(value)): void => {
    magnitudes[group] = (magnitudes[group] as number) + magnitude;
    const total = totals[group] as number;
    const next = total + value;
    totals[group] = next;
    corrections[group] =
      (corrections[group] as number) +
      (Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total);
  };
  const sums = (): Float64Array =>
    totals.map((total, group) => scale * (Number.isFinite(total) ? total + (corrections[group] as number) : total));

  /** The sum of a group, or what it may have become on the way. */
  const settled = (value: number, group: number): number => {
    const most = scale * (magnitudes[group] as number);
    if (!(most * roundingRoom > largest32) || !(Math.abs(value) <= largest32)) return value;
    onPossibleOverflow();
    return partialSum ?? value;
  };

  if (kind === 'mean') {
    // over t - pivot, so that the mean of equal values is that value exactly
    const pivots = new Float64Array(groups.count).fill(Number.NaN);
    return {
      add: (index, value) => {
        const group = groups.of(index);
        if (Number.isNaN(pivots[group]) && Number.isFinite(value)) pivots[group] = value;
        const pivot = pivots[group] as number;
        const difference = limit(value) - (Number.isNaN(pivot) ? 0 : pivot);
        // about a pivot or as they stand
        accumulate(group, difference, Math.max(Math.abs(value), Math.abs(difference)));
      },
      finish: () =>
        sums().map((total, group) => {
          const pivot = pivots[group] as number;
          return settled(limit((Number.isNaN(pivot) ? 0 : pivot) + total / groups.size), group);
        }),
    };
  }
  if (kind === 'variance') {
    return {
      add: (index, value) => {
        const group = groups.of(index);
        const mean = centre?.[group] as number;
        const deviation = value - (Number.isFinite(mean) ? mean : 0);
        accumulate(
          group,
          limit(Math.abs(value) === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : deviation * deviation),
        );
      },
      finish: () => sums().map((total) => limit(total / groups.size)),
    };
  }
  return {
    add: (index, value) => accumulate(groups.of(index), limit(value)),
    finish: () => sums().map((total, group) => settled(limit(total), group)),
  };
}

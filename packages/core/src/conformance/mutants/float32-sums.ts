/** Statistics gathered in float32: rightly (in pairs, about a pivot), and in the ways that lose digits. */

import { decodeHalf, encodeHalf } from '../../float16.ts';
import type { createGatherer, Gatherer } from '../oracle/gather.ts';
import type { Groups } from '../oracle/groups.ts';

const f = Math.fround;

/** Adds numbers up, one after the other. */
interface Accumulator {
  add(value: number): void;
  readonly total: number;
}

/** Rounding errors grow with the logarithm of the length. */
function pairwise(): Accumulator {
  // level k holds the sum of 2^k terms, or nothing
  const levels: (number | undefined)[] = [];
  return {
    add: (value) => {
      let carry = f(value);
      let level = 0;
      for (; levels[level] !== undefined; level++) {
        carry = f((levels[level] as number) + carry);
        levels[level] = undefined;
      }
      levels[level] = carry;
    },
    get total() {
      return levels.reduce<number>((total, part) => (part === undefined ? total : f(total + part)), 0);
    },
  };
}

/** One after the other: stalls once a term is less than half the last place of the sum. */
export function running(): Accumulator {
  let total = 0;
  return {
    add: (value) => {
      total = f(total + f(value));
    },
    get total() {
      return total;
    },
  };
}

/** In half precision. */
export function halfPrecision(): Accumulator {
  let total = 0;
  return {
    add: (value) => {
      total = decodeHalf(encodeHalf(total + value));
    },
    get total() {
      return total;
    },
  };
}

/** Gives up long before float32 does. */
export function overCautious(): Accumulator {
  const sum = pairwise();
  return {
    add: sum.add,
    get total() {
      return Math.abs(sum.total) > 2 ** 125 ? Number.POSITIVE_INFINITY : sum.total;
    },
  };
}

export interface SumStyle {
  readonly accumulator: () => Accumulator;
  readonly moments: 'pivot' | 'raw' | 'squares';
  /** What a variance is divided by, less than the number of elements. */
  readonly ddof: number;
}

export const honest: SumStyle = { accumulator: pairwise, moments: 'pivot', ddof: 0 };

/** The way to gather statistics that `expectedOutputs` takes. */
export const gatherWith =
  ({ accumulator, moments, ddof }: SumStyle): typeof createGatherer =>
  (kind, groups, _, centre) => {
    const each = (): Accumulator[] => Array.from({ length: groups.count }, accumulator);
    switch (kind) {
      case 'maximum':
        return greatest(groups);
      case 'sum':
      case 'count': {
        const sums = each();
        return {
          add: (index, value) => at(sums, groups, index).add(value),
          finish: () => totals(sums, (total) => total),
        };
      }
      case 'mean':
        return moments === 'pivot' ? pivotedMean(groups, each()) : rawMean(groups, each());
      case 'variance':
        return moments === 'squares'
          ? squares(groups, each(), each(), ddof)
          : centred(groups, each(), centre as Float64Array, ddof);
    }
  };

const at = <T>(values: readonly T[], groups: Groups, index: number): T => values[groups.of(index)] as T;
const totals = (sums: readonly Accumulator[], finish: (total: number, group: number) => number): Float64Array =>
  Float64Array.from(sums, ({ total }, group) => finish(total, group));

function greatest(groups: Groups): Gatherer {
  const values = new Float64Array(groups.count);
  return {
    add: (index, value) => {
      const group = groups.of(index);
      values[group] = Math.max(values[group] as number, value);
    },
    finish: () => values,
  };
}

const rawMean = (groups: Groups, sums: Accumulator[]): Gatherer => ({
  add: (index, value) => at(sums, groups, index).add(value),
  finish: () => totals(sums, (total) => f(total / groups.size)),
});

/** The mean is kept as pivot and rest, so that a difference from it loses nothing to its size. */
function pivotedMean(groups: Groups, sums: Accumulator[]): Gatherer {
  const pivots: (number | undefined)[] = new Array(groups.count);
  return {
    add: (index, value) => {
      const group = groups.of(index);
      if (pivots[group] === undefined && Number.isFinite(f(value))) pivots[group] = f(value);
      (sums[group] as Accumulator).add(f(value) - (pivots[group] ?? 0));
    },
    finish: () => totals(sums, (total, group) => (pivots[group] ?? 0) + f(total / groups.size)),
  };
}

const centred = (groups: Groups, sums: Accumulator[], centre: Float64Array, ddof: number): Gatherer => ({
  add: (index, value) => {
    const mean = centre[groups.of(index)] as number;
    const deviation = f(f(value) - (Number.isFinite(mean) ? mean : 0));
    at(sums, groups, index).add(f(deviation * deviation));
  },
  finish: () => totals(sums, (total) => f(total / Math.max(groups.size - ddof, 0))),
});

/** E[t²] - E[t]². */
const squares = (groups: Groups, first: Accumulator[], second: Accumulator[], ddof: number): Gatherer => ({
  add: (index, value) => {
    at(first, groups, index).add(value);
    at(second, groups, index).add(f(value * value));
  },
  finish: () =>
    totals(second, (total, group) => {
      const mean = f((first[group] as Accumulator).total / groups.size);
      return Math.max(f(f(total / (groups.size - ddof)) - f(mean * mean)), 0);
    }),
});

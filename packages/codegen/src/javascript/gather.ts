/**
 * Accumulators of statistics. Sums of float64 in order are far more exact than any float32 kernel; mean and variance
 * come from sums of t - pivot and its square, the pivot a finite element of the group, so that a large offset does not
 * cancel. In float64 that holds for float32 data whatever the pivot: of n elements one can lie at most √n deviations
 * from the mean, which costs log2(n) of the 53 bits.
 */
import type { Gather, Statistic } from '@isoact/core';

/** Variables of an accumulator: plain names for one group, subscripted ones for many. */
export interface Accumulator {
  readonly gather: Gather;
  readonly name: string;
  /** '' for one group, '[group]' or the like for many. */
  readonly subscript: string;
}

/** The parts that an accumulator is made of. */
const parts = { sum: ['Sum'], count: ['Count'], moments: ['Pivot', 'Sum', 'Squares'] } as const;

/** Declares variables for one group, or arrays where `groups` names a count. */
export const declare = ({ gather, name }: Accumulator, groups: string | null): string[] =>
  parts[gather.kind].map((part) => {
    if (groups === null) return `let ${name}${part} = 0;`;
    return `const ${name}${part} = new Float64Array(${groups})${part === 'Pivot' ? '.fill(NaN)' : ''};`;
  });

/** Sets the pivot from the operand's value at a first element; one of many has none until then. */
export const setPivot = ({ name, subscript }: Accumulator, value: string): string => {
  const set = `${name}Pivot${subscript} = Number.isFinite(${value}) ? ${value} : 0;`;
  return subscript === '' ? set : `if (Number.isNaN(${name}Pivot${subscript})) ${set}`;
};

/** Adds the operand's value at one element. */
export function accumulate({ gather, name, subscript }: Accumulator, value: string): string[] {
  if (gather.kind === 'sum') return [`${name}Sum${subscript} += ${value};`];
  if (gather.kind === 'count') return [`if (${value}) ${name}Count${subscript}++;`];
  return [
    `const ${name}Shifted = ${value} - ${name}Pivot${subscript};`,
    `${name}Sum${subscript} += ${name}Shifted;`,
    `${name}Squares${subscript} += ${name}Shifted * ${name}Shifted;`,
  ];
}

/** The value of a statistic once all elements are in. */
export function statisticCode({ gather, name, subscript }: Accumulator, statistic: Statistic, size: string): string {
  if (statistic.kind === 'count') return `${name}Count${subscript}`;
  const sum = `${name}Sum${subscript}`;
  if (statistic.name === 'sum') return sum;
  if (gather.kind === 'sum') return `${sum} / ${size}`;
  const pivot = `${name}Pivot${subscript}`;
  if (statistic.name === 'mean') return `${pivot} + ${sum} / ${size}`;
  return `varianceOf(${sum}, ${name}Squares${subscript}, ${size})`;
}

/** Centred variance from shifted sums: NaN where the group holds one, else infinite where it holds an infinity. */
export function varianceOf(sum: number, squares: number, size: number): number {
  if (!Number.isFinite(squares)) return squares;
  return Math.max(0, (squares - (sum * sum) / size) / size);
}

/** Statistics: how their sums are taken while a pass runs, and how their values are read afterwards. */
import type { Gather, Statistic } from '@isoact/core';
import { double, get, type Instruction, type Local, lane, plain, set, when } from '../binary/instruction.ts';
import type { Leaf } from '../expression/surroundings.ts';
import type { Kernel, Lanes } from '../loops/kernel.ts';
import type { Dimension } from '../loops/nest.ts';
import { finiteOrZero, type Part, partsOf, RunningSums } from './sums.ts';

/** What can be read of a gather: a statistic's value, or pivot and offset of its mean. */
export type Reading = 'value' | 'count' | 'mean' | 'variance' | 'pivot' | 'offset';

export interface Gathered {
  readonly gather: Gather;
  /** Sets the pivot, at the start of each run along the innermost dimension. */
  pivot(dimension: Dimension, term: (lanes: Lanes) => Instruction): void;
  /** Before each run, for each vector in it, and after it. */
  begin(dimension: Dimension): void;
  add(value: Instruction, lanes: Lanes): void;
  end(): void;
  /** Makes the values known, once all elements of a group are in: sums are to be multiplied by a float64. */
  finish(factor?: Instruction): void;
  leaf(reading: Reading, lanes: Lanes | null): Leaf;
}

/** A gather in variables. */
export interface GatheredInVariables extends Gathered {
  /** A group's sum as float64, before it is multiplied. */
  sum(): Instruction;
  /** Adds what so many elements come to, if any; then no element is added by itself. */
  addSum(amount: Instruction, elements: Instruction): void;
}

/** What a statistic's node reads. */
export const readingOf = (node: Statistic): Reading =>
  node.kind === 'count' ? 'count' : node.name === 'sum' ? 'value' : node.name;

const f32 = (value: Instruction): Instruction => plain('f32x4.splat', plain('f32.demote_f64', value));

/** Mean's distance from the pivot, and variance, of float64 sums. A group that holds NaN or infinity has such a variance. */
export function momentsOf(
  sum: Instruction,
  squares: Instruction,
  size: Instruction,
): { readonly offset: Instruction; readonly variance: Instruction } {
  const excess = plain('f64.sub', squares, plain('f64.div', plain('f64.mul', sum, sum), size));
  const centred = plain('f64.max', double(0), plain('f64.div', excess, size));
  const isFinite = plain('f64.lt', plain('f64.abs', squares), double(Infinity));
  return { offset: plain('f64.div', sum, size), variance: plain('select', centred, squares, isFinite) };
}

/** A gather whose groups come one after another: its sums stay in variables. */
export function gatherInVariables(kernel: Kernel, gather: Gather, name: string): GatheredInVariables {
  const { builder } = kernel;
  const level = kernel.depth;
  const sums = new RunningSums(kernel, gather, level);
  const totals: Partial<Record<Part, Local>> = {};
  let factor: Instruction | undefined;
  const size = (): Instruction => plain('f64.convert_i32_u', kernel.length(gather.spanned));
  const read = (part: Part): Instruction => get(totals[part] as Local);

  const values: Readonly<Record<Reading, () => Instruction>> = {
    value: () => f32(factor ? plain('f64.mul', read('sum'), factor) : read('sum')),
    count: () => plain('i32x4.splat', read('count')),
    pivot: () => get(sums.pivot?.single as Local),
    offset: () => f32(plain('f64.div', read('sum'), size())),
    mean: () => {
      const average = plain('f64.div', read('sum'), size());
      if (!sums.pivot) return f32(average);
      return f32(plain('f64.add', lane('f64x2.extract_lane', 0, get(sums.pivot.double)), average));
    },
    variance: () => f32(momentsOf(read('sum'), read('squares'), size()).variance),
  };
  return {
    gather,
    pivot: (dimension, term) => {
      if (!sums.pivot) return;
      kernel.atStart(level, gather.spanned, () => {
        kernel.first(dimension, (lanes) => {
          const value = builder.keep(term(lanes));
          sums.setPivot(finiteOrZero(value, kernel));
        });
      });
    },
    begin: () => {},
    add: (value, lanes) => sums.add(value, lanes),
    end: () => {},
    sum: () => read('sum'),
    addSum: (amount, elements) => {
      totals.sum ??= builder.hold(level, 'sum.total', 'f64', double(0));
      const { sum } = totals;
      builder.append(when(elements, [set(sum, plain('f64.add', get(sum), amount))]));
    },
    finish: (given) => {
      factor = given;
      for (const part of totals.sum ? [] : partsOf(gather)) {
        const type = part === 'count' ? 'i32' : 'f64';
        totals[part] = builder.hold(level, `${part}.total`, type, sums.total(part));
      }
    },
    leaf: (reading) => ({ level, read: () => builder.once(level, `${name}.${reading}`, values[reading]) }),
  };
}

/**
 * Statistics whose groups come and go while a pass runs, such as those per channel: their sums are kept in memory,
 * float64 until the pass ends and float32 then.
 */
import type { Gather } from '@isoact/core';
import {
  branchIf,
  clear,
  get,
  type Instruction,
  integer,
  type Local,
  lane,
  loop,
  memory,
  plain,
  set,
  tee,
  when,
} from '../binary/instruction.ts';
import type { Leaf } from '../expression/surroundings.ts';
import type { FieldArray, Kernel, Lanes } from '../loops/kernel.ts';
import { variesAlong } from '../loops/nest.ts';
import { type Gathered, momentsOf } from './gathered.ts';
import { contribute, finiteOrZero, halves, type Part, partsOf, RunningSums } from './sums.ts';

export function gatherInMemory(kernel: Kernel, gather: Gather, name: string): Gathered {
  const { builder } = kernel;
  const { spanned } = gather;
  const variation = new Set(kernel.shape.flatMap((_, axis) => (spanned.includes(axis) ? [] : [axis])));
  const scratch = (part: Part | 'pivot'): FieldArray => {
    const bytes = part === 'pivot' || part === 'count' ? 4 : 8;
    const base = kernel.argument({ kind: 'scratch', name: `${name}.${part}`, spanned, bytes });
    return { base, variation, width: bytes };
  };
  const arrays = new Map(partsOf(gather).map((part) => [part, scratch(part)]));
  const pivots = gather.kind === 'moments' ? scratch('pivot') : null;
  const groups = kernel.length([...variation]);
  for (const { base, width } of arrays.values()) {
    builder.append(clear(get(base), plain('i32.mul', groups, integer(width))));
  }
  /** The sums of one run, where a run lies inside a group. */
  let sums: RunningSums | null = null;

  return {
    gather,
    pivot: (dimension, term) => {
      if (!pivots) return;
      const level = kernel.depth;
      const pivot = (lanes: Lanes): Instruction => finiteOrZero(builder.keep(term(lanes)), kernel);
      kernel.atStart(0, spanned, () => {
        if (variesAlong(variation, dimension)) {
          kernel.run(dimension, { write: (lanes) => kernel.store(pivots, pivot(lanes), lanes) });
        } else {
          kernel.first(dimension, (lanes) => {
            const first = lane('f32x4.extract_lane', 0, pivot(lanes));
            builder.append(memory('f32.store', 0, kernel.pointer(pivots, level), first));
          });
        }
      });
    },
    begin: (dimension) => {
      if (variesAlong(variation, dimension)) return;
      sums = new RunningSums(kernel, gather, kernel.depth);
      if (!pivots) return;
      sums.setPivot(memory('v128.load32_zero', 0, kernel.pointer(pivots, kernel.depth)));
    },
    add: (value, lanes) => {
      if (sums) sums.add(value, lanes);
      else addToMemory(value, lanes);
    },
    end: () => {
      for (const [part, array] of sums ? arrays : []) {
        const address = kernel.pointer(array, kernel.depth);
        const type = part === 'count' ? 'i32' : 'f64';
        const total = (sums as RunningSums).total(part);
        builder.append(
          memory(`${type}.store`, 0, address, plain(`${type}.add`, memory(`${type}.load`, 0, address), total)),
        );
      }
      sums = null;
    },
    finish: () => {
      if (gather.kind === 'count') return;
      const { level } = builder;
      const size = builder.hold(level, 'size', 'f64', plain('f64.convert_i32_u', kernel.length(spanned)));
      const counter = builder.hold(level, 'k', 'i32', groups);
      const places = [...arrays.values()].map(({ base }) => ({
        from: builder.hold(level, 'from', 'i32', get(base)),
        to: builder.hold(level, 'to', 'i32', get(base)),
        result: builder.variable(level, 'result', 'f64'),
      }));
      const [sum, squares] = places.map(({ from }) => memory('f64.load', 0, get(from))) as [Instruction, Instruction];
      const isMean = gather.statistics.some((node) => node.kind === 'statistic' && node.name === 'mean');
      const single = isMean ? plain('f64.div', sum, get(size)) : sum;
      const { offset, variance } = pivots ? momentsOf(sum, squares, get(size)) : { offset: single, variance: single };
      const step = (at: Local, bytes: number): Instruction => set(at, plain('i32.add', get(at), integer(bytes)));
      const again = { name: `${name}.groups` };
      const body = [
        // all values before any is written: a float32 may lie where the float64 lay
        ...places.map(({ result }, index) => set(result, index === 0 ? offset : variance)),
        ...places.map(({ to, result }) => memory('f32.store', 0, get(to), plain('f32.demote_f64', get(result)))),
        ...places.flatMap(({ from, to }) => [step(from, 8), step(to, 4)]),
        branchIf(again, tee(counter, plain('i32.sub', get(counter), integer(1)))),
      ];
      builder.append(when(get(counter), [loop(again, body)]));
    },
    leaf: (reading, lanes) => {
      const single = (array: FieldArray | null | undefined): Leaf =>
        kernel.leaf({ ...(array as FieldArray), width: 4 }, lanes);
      const [sum, squares] = [...arrays.values()];
      if (reading === 'pivot') return single(pivots);
      if (reading === 'variance') return single(squares);
      if (reading !== 'mean' || !pivots) return single(sum);
      const [pivot, offset] = [single(pivots), single(sum)];
      return { level: pivot.level, read: () => plain('f32x4.add', pivot.read(), offset.read()) };
    },
  };

  /** Adds to the sums of neighbouring groups. */
  function addToMemory(value: Instruction, lanes: Lanes): void {
    const single = pivots && builder.keep(kernel.leaf(pivots, lanes).read());
    contribute(
      kernel,
      gather,
      value,
      lanes,
      single && { single, halves: halves(single) },
      (part, half, name, amount) => {
        const array = arrays.get(part) as FieldArray;
        const address = kernel.pointer(array, kernel.depth);
        const offset = 4 * array.width * lanes.copy + 16 * half;
        builder.append(
          memory('v128.store', offset, address, plain(name, memory('v128.load', offset, address), amount)),
        );
      },
    );
  }
}

/**
 * The loops of a function and the arrays that they walk. A pointer follows each array through the loops along which it
 * varies; an array that is constant in a loop is read outside of it.
 */
import type { Plan, Shape } from '@isoact/core';
import type { WasmArgument } from '../arguments.ts';
import {
  block,
  branchIf,
  call,
  get,
  type Instruction,
  integer,
  type Label,
  type Local,
  laneNumbers,
  loop,
  memory,
  plain,
  set,
  tee,
  type ValueType,
  when,
} from '../binary/instruction.ts';
import { anyLane } from '../expression/emit.ts';
import type { Leaf } from '../expression/surroundings.ts';
import { FunctionBuilder } from './function-builder.ts';
import { type Dimension, variesAlong } from './nest.ts';
import { noiseVector } from './noise.ts';
import { loadTail, storeTail } from './tail.ts';

/** An array in memory, one value for each combination of positions along the axes that it varies along. */
export interface FieldArray {
  readonly base: Local;
  readonly variation: ReadonlySet<number>;
  /** Bytes per value. */
  readonly width: 4 | 8;
  /** Which of how many parts it is that lie beside each other along an axis. */
  readonly part?: { readonly index: number; readonly of: number; readonly axis: number };
}

/** The lanes of one vector: all four, or in a tail those before `count`. */
export interface Lanes {
  /** Which of the vectors that one turn of the loop computes. */
  readonly copy: number;
  readonly tail: { readonly count: Instruction } | null;
  /** Whether all are within the bounds of the usual version. */
  readonly isUsual?: boolean;
}

interface OpenLoop {
  readonly dimension: Dimension;
  /** Counts down from the length to 1. */
  readonly counter: Local;
  readonly pointers: Map<string, { readonly array: FieldArray; readonly pointer: Local; readonly outer: Instruction }>;
}

/** What a run along the innermost dimension does. */
interface Run {
  /** Fills the body of the loop, for one vector. */
  readonly write: (lanes: Lanes) => void;
  /** All bits of the lanes that are beyond the bounds of the usual version; null where there is no such version. */
  readonly rareLanes?: (lanes: Lanes) => Instruction | null;
  /** Whether vectors are summed, each to those before it. */
  readonly sums?: boolean;
}

export class Kernel {
  readonly builder = new FunctionBuilder();
  readonly arguments: WasmArgument[] = [];
  private readonly locals = new Map<string, Local>();
  private readonly loops: OpenLoop[] = [];
  private labels = 0;
  readonly shape: Shape;

  constructor({ layout }: Plan) {
    this.shape = layout.shape;
  }

  /** The parameter of the function that stands for an argument. */
  argument(argument: WasmArgument): Local {
    const name = Object.values(argument).flat().join('_');
    let local = this.locals.get(name);
    if (!local) {
      const type: ValueType = argument.kind === 'parameter' && argument.form === 'value' ? 'f32' : 'i32';
      local = this.builder.parameter(name, type);
      this.locals.set(name, local);
      this.arguments.push(argument);
    }
    return local;
  }

  /** The product of the lengths of some axes. */
  length(axes: readonly number[]): Instruction {
    const long = axes.filter((axis) => this.shape[axis] !== 1);
    return long.length === 0 ? integer(1) : get(this.argument({ kind: 'length', axes: long }));
  }

  /** Writes a loop along a dimension; `write` fills its body. */
  loop(dimension: Dimension, write: () => void): void {
    const { builder } = this;
    const counter = builder.variable(builder.level, 'k', 'i32');
    const open: OpenLoop = { dimension, counter, pointers: new Map() };
    const body = this.within(open, write);
    const label = this.label('loop');
    builder.append(
      ...starts(open),
      set(counter, this.length(dimension.axes)),
      when(get(counter), [
        loop(label, [
          ...body,
          ...steps(open, (array) => this.stride(array, dimension)),
          branchIf(label, tee(counter, plain('i32.sub', get(counter), integer(1)))),
        ]),
      ]),
    );
  }

  /**
   * Writes a loop along the innermost dimension, whose turns take four elements, or several times four. The lanes that
   * are left over take the same instructions, so that a value's place does not tell in its result. Where vectors can be
   * rare, loops over those that are not are left for each: what these need would take the loops' registers.
   */
  run(dimension: Dimension, { write, rareLanes, sums = false }: Run): void {
    const { builder } = this;
    const { level } = builder;
    const remaining = builder.variable(level, 'k', 'i32');
    const open: OpenLoop = { dimension, counter: remaining, pointers: new Map() };
    let code: Instruction[] = [];
    /** The instructions of one vector. */
    let size = 0;
    /**
     * Turns for as long as there are elements for so many vectors, and none that is rare; or one turn for any, of a loop
     * that is open. Unless there is little to compute, all vectors are read before any is written: then an engine may
     * compute them side by side.
     */
    const turns = (vectors: number, again?: Label): boolean => {
      const tests: Instruction[] = [];
      const first: Instruction[] = [];
      const then = this.within(open, () => {
        for (let copy = 0; copy < vectors; copy++) {
          const lanes = { copy, tail: null, isUsual: !again };
          let tested = 0;
          const own = builder.capture(() => {
            const test = again ? null : rareLanes?.(lanes);
            if (test) tests.push(test);
            tested = builder.written;
            write(lanes);
          });
          for (const [index, each] of own.entries()) {
            const isRead =
              vectors > 1 && size >= short && each.kind === 'set' && isNamed(each.operands[0], 'v128.load');
            if (isRead || index < tested) first.push(each);
            else builder.append(each);
          }
        }
      });
      const elements = integer(4 * vectors);
      const label = again ?? this.label('elements');
      const leave = this.label('rare');
      const isRare = tests.length > 0 && anyLane(tests.reduce((a, b) => plain('v128.or', a, b)));
      const turn = [
        ...first,
        ...(isRare ? [branchIf(leave, isRare)] : []),
        ...then,
        ...steps(open, ({ width }) => integer(4 * width * vectors)),
        branchIf(label, plain('i32.ge_u', tee(remaining, plain('i32.sub', get(remaining), elements)), elements)),
      ];
      const whole = when(plain('i32.ge_u', get(remaining), elements), again ? turn : [loop(label, turn)]);
      code.push(isRare ? block(leave, [whole]) : whole);
      return isRare !== false;
    };
    if (dimension.axes.length > 0) {
      const vector = this.within(open, () => write({ copy: 0, tail: null, isUsual: true }));
      size = sizeOf(vector);
      const [reads, divisions] = [sizeOf(vector, 'v128.load'), sizeOf(vector, 'f32x4.div')];
      const isApt = size < long && reads <= most && size >= division * divisions;
      // sums wait, each for the last
      const vectors = size < short || (isApt && !sums) ? several : 1;
      if (turns(vectors)) {
        const again = this.label('again');
        turns(1, again);
        code = [loop(again, code)];
      } else if (vectors > 1) turns(1);
    }
    const rest = this.within(open, () => write({ copy: 0, tail: { count: get(remaining) } }));
    builder.append(...starts(open), set(remaining, this.length(dimension.axes)), ...code, when(get(remaining), rest));
  }

  /** Writes what a run does with its first element alone, in a vector whose other lanes do not count. */
  first(dimension: Dimension, write: (lanes: Lanes) => void): void {
    const { builder } = this;
    const open: OpenLoop = { dimension, counter: builder.variable(builder.level, 'k', 'i32'), pointers: new Map() };
    const code = this.within(open, () => write({ copy: 0, tail: { count: integer(1) } }));
    builder.append(when(this.length(dimension.axes), [...starts(open), ...code]));
  }

  /** The code of a loop's body. */
  private within(open: OpenLoop, write: () => void): Instruction[] {
    this.loops.push(open);
    const body = this.builder.within(write);
    this.loops.pop();
    return body;
  }

  /** All bits of the lanes that count. */
  mask({ tail }: Lanes): Instruction | null {
    const { builder } = this;
    if (!tail) return null;
    return builder.once(builder.level, 'mask', () =>
      plain('i32x4.lt_u', laneNumbers, plain('i32x4.splat', tail.count)),
    );
  }

  /** Writes what is to be done while all loops from a level inward, as far as they are along the given axes, are at their start. */
  atStart(level: number, axes: readonly number[], write: () => void): void {
    const { builder } = this;
    const code = builder.capture(write);
    const conditions = this.loops
      .slice(level)
      .filter(({ dimension }) => variesAlong(new Set(axes), dimension))
      .map(({ dimension, counter }) => plain('i32.eq', get(counter), this.length(dimension.axes)));
    builder.append(
      ...(conditions.length === 0
        ? code
        : [
            when(
              conditions.reduce((a, b) => plain('i32.and', a, b)),
              code,
            ),
          ]),
    );
  }

  /** The number of loops around the code that is being written. */
  get depth(): number {
    return this.loops.length;
  }

  /** The innermost open block in which an array's value changes. */
  levelOf({ variation }: Pick<FieldArray, 'variation'>): number {
    return this.loops.findLastIndex(({ dimension }) => variesAlong(variation, dimension)) + 1;
  }

  /** The address of an array's value in a block. */
  pointer(array: FieldArray, level: number): Instruction {
    const open = this.loops[level - 1];
    if (!open) return this.origin(array);
    if (!variesAlong(array.variation, open.dimension)) return this.pointer(array, level - 1);
    const key = `${array.base.name}/${array.width}/${array.part?.index}`;
    let entry = open.pointers.get(key);
    if (!entry) {
      const outer = this.pointer(array, level - 1);
      entry = { array, outer, pointer: this.builder.variable(level - 1, 'at', 'i32') };
      open.pointers.set(key, entry);
    }
    return get(entry.pointer);
  }

  /** An array's values as a leaf: a vector of neighbours in the innermost loop, or one value in all lanes. */
  leaf(array: FieldArray, lanes: Lanes | null): Leaf {
    const level = this.levelOf(array);
    if (!lanes || level < this.loops.length) {
      return { level, read: () => memory('v128.load32_splat', 0, this.pointer(array, level)) };
    }
    const { copy, tail } = lanes;
    const address = this.pointer(array, level);
    return {
      level,
      read: () => (tail ? call(loadTail, address, tail.count) : memory('v128.load', 4 * array.width * copy, address)),
    };
  }

  /** Noise of the elements of the innermost loop, whose place is that of an array which has one value for each. */
  noise(array: FieldArray, lanes: Lanes | null): Leaf {
    const level = this.loops.length;
    const [low, high] = ([0, 1] as const).map((name) => get(this.argument({ kind: 'seed', name }))) as [
      Instruction,
      Instruction,
    ];
    const place = plain('i32.sub', this.pointer(array, level), get(array.base));
    const start = get(this.argument({ kind: 'start' }));
    const first = plain('i32.add', start, plain('i32.shr_u', place, integer(2)));
    const index = plain('i32.add', first, integer(4 * (lanes?.copy ?? 0)));
    return { level, read: () => call(noiseVector, index, low, high) };
  }

  /** Stores a vector at the elements of the innermost loop. */
  store(array: FieldArray, value: Instruction, { copy, tail }: Lanes): void {
    const { builder } = this;
    const address = this.pointer(array, this.loops.length);
    builder.append(
      tail ? call(storeTail, address, value, tail.count) : memory('v128.store', 4 * array.width * copy, address, value),
    );
  }

  /** The address of an array's first value: the parts of a tensor lie a block apart. */
  private origin({ base, part, width }: FieldArray): Instruction {
    if (!part?.index) return get(base);
    const block = this.length(this.shape.flatMap((_, axis) => (axis < part.axis ? [] : [axis])));
    return plain('i32.add', get(base), plain('i32.mul', block, integer(part.index * width)));
  }

  private stride({ variation, width, part }: FieldArray, dimension: Dimension): Instruction {
    const last = dimension.axes.at(-1) as number;
    const inner = [...variation].filter((axis) => axis > last).sort((a, b) => a - b);
    const long = inner.filter((axis) => this.shape[axis] !== 1);
    const step = part && last < part.axis ? width * part.of : width;
    if (long.length === 0) return integer(step);
    return plain('i32.mul', this.length(long), integer(step));
  }

  private label(name: string): Label {
    return { name: `${name}${this.labels++}` };
  }
}

/** Sets pointers to where a loop begins. */
const starts = ({ pointers }: OpenLoop): Instruction[] =>
  [...pointers.values()].map(({ pointer, outer }) => set(pointer, outer));

/** Moves pointers on by so many bytes each. */
const steps = ({ pointers }: OpenLoop, by: (array: FieldArray) => Instruction): Instruction[] =>
  [...pointers.values()].map(({ array, pointer }) => set(pointer, plain('i32.add', get(pointer), by(array))));

const isNamed = (instruction: Instruction, name: string): boolean =>
  instruction.kind === 'plain' && instruction.name === name;

/** Vectors of one turn where that is worth it. */
const several = 4;
/** A turn with fewer instructions is over before its loop's own are. */
const short = 20;
/** One with more has enough to do beside each step. */
const long = 80;
/** What a vector may read if several are to find room in registers. */
const most = 2;
/** Instructions in the time of a division: where more are divisions, the divider is busy. */
const division = 10;

/** The number of instructions that compute something, or of those with a name. */
const sizeOf = (body: readonly Instruction[], name?: string): number =>
  body.reduce(
    (total, each) =>
      'operands' in each ? total + Number(!name || isNamed(each, name)) + sizeOf(each.operands, name) : total,
    0,
  );

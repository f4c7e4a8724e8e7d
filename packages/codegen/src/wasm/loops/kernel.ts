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

/** A loop's body with fewer instructions than this is written several times, to hide the cost of the loop. */
const cheap = 20;
const copies = 4;

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
    const key = JSON.stringify(argument);
    let local = this.locals.get(key);
    if (!local) {
      const type: ValueType = argument.kind === 'parameter' && argument.form === 'value' ? 'f32' : 'i32';
      const name =
        argument.kind === 'length'
          ? `length${argument.axes.join('_')}`
          : argument.kind === 'start'
            ? 'start'
            : `${argument.kind}_${argument.kind === 'seed' ? argument.word : argument.name}`;
      local = this.builder.parameter(name, type);
      this.locals.set(key, local);
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
    this.loops.push(open);
    const body = builder.within(write);
    this.loops.pop();
    const label = this.label('loop');
    builder.append(
      ...starts(open),
      set(counter, this.length(dimension.axes)),
      when(get(counter), [
        loop(label, [
          ...body,
          ...[...open.pointers.values()].map(({ array, pointer }) =>
            set(pointer, plain('i32.add', get(pointer), this.stride(array, dimension))),
          ),
          branchIf(label, tee(counter, plain('i32.sub', get(counter), integer(1)))),
        ]),
      ]),
    );
  }

  /**
   * Writes a loop along the innermost dimension, whose turns take four elements. The lanes that are left over take the
   * same instructions, so that a value's place does not tell in its result. Where vectors can be rare, a loop over those
   * that are not is left for each: what these need would take the loop's registers.
   */
  run(
    dimension: Dimension,
    isRare: ((lanes: Lanes) => Instruction | null) | null,
    write: (lanes: Lanes) => void,
  ): void {
    const { builder } = this;
    const { level } = builder;
    const remaining = builder.variable(level, 'k', 'i32');
    const open: OpenLoop = { dimension, counter: remaining, pointers: new Map() };
    const body = (lanes: Lanes, before: () => void = () => {}): Instruction[] => {
      this.loops.push(open);
      const code = builder.within(() => {
        before();
        write(lanes);
      });
      this.loops.pop();
      return code;
    };
    const code: Instruction[] = [];
    if (dimension.axes.length > 0) {
      const once = body({ copy: 0, tail: null });
      const rare = this.label('rare');
      let hasRare = false;
      const usual = body({ copy: 0, tail: null, isUsual: true }, () => {
        const test = isRare?.({ copy: 0, tail: null }) ?? null;
        hasRare = test !== null;
        if (test) builder.append(branchIf(rare, test));
      });
      if (hasRare) {
        const again = this.label('again');
        const leavable = block(rare, [this.turns(open, remaining, [usual])]);
        code.push(loop(again, [leavable, this.turns(open, remaining, [once], again)]));
      } else if (once.reduce((total, each) => total + sizeOf(each), 0) < cheap) {
        const others = Array.from({ length: copies - 1 }, (_, k) => body({ copy: k + 1, tail: null }));
        code.push(this.turns(open, remaining, [once, ...others]));
      }
      if (!hasRare) code.push(this.turns(open, remaining, [once]));
    }
    const rest = body({ copy: 0, tail: { count: get(remaining) } });
    builder.append(...starts(open), set(remaining, this.length(dimension.axes)), ...code, when(get(remaining), rest));
  }

  /** Writes what a run does with its first element alone, in a vector whose other lanes do not count. */
  first(dimension: Dimension, write: (lanes: Lanes) => void): void {
    const { builder } = this;
    const open: OpenLoop = { dimension, counter: builder.variable(builder.level, 'k', 'i32'), pointers: new Map() };
    this.loops.push(open);
    const code = builder.within(() => write({ copy: 0, tail: { count: integer(1) } }));
    this.loops.pop();
    builder.append(when(this.length(dimension.axes), [...starts(open), ...code]));
  }

  /** All bits of the lanes that count. */
  mask({ tail }: Lanes): Instruction | null {
    const { builder } = this;
    if (!tail) return null;
    return builder.once(builder.level, 'mask', () =>
      plain('i32x4.lt_u', laneNumbers, plain('i32x4.splat', tail.count)),
    );
  }

  /** Turns of a loop for as long as there are elements for all its bodies; of one that is open already, one turn. */
  private turns(
    { pointers }: OpenLoop,
    remaining: Local,
    bodies: readonly (readonly Instruction[])[],
    again?: Label,
  ): Instruction {
    const elements = integer(4 * bodies.length);
    const label = again ?? this.label('elements');
    const advance = [...pointers.values()].map(({ array, pointer }) =>
      set(pointer, plain('i32.add', get(pointer), integer(4 * array.width * bodies.length))),
    );
    const less = tee(remaining, plain('i32.sub', get(remaining), elements));
    const turn = [...bodies.flat(), ...advance, branchIf(label, plain('i32.ge_u', less, elements))];
    return when(plain('i32.ge_u', get(remaining), elements), again ? turn : [loop(label, turn)]);
  }

  /** Whether all loops from a level inward, as far as they are along the given axes, are at their start. */
  isFirst(level: number, axes: ReadonlySet<number>): Instruction | null {
    const conditions = this.loops
      .slice(level)
      .filter(({ dimension }) => variesAlong(axes, dimension))
      .map(({ dimension, counter }) => plain('i32.eq', get(counter), this.length(dimension.axes)));
    return conditions.length === 0 ? null : conditions.reduce((a, b) => plain('i32.and', a, b));
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
    const [low, high] = ([0, 1] as const).map((word) => get(this.argument({ kind: 'seed', word }))) as [
      Instruction,
      Instruction,
    ];
    const place = plain('i32.sub', this.pointer(array, level), get(array.base));
    const start = get(this.argument({ kind: 'start' }));
    const first = plain('i32.add', start, plain('i32.shr_u', place, integer(2)));
    const copy = lanes?.copy ?? 0;
    const index = copy === 0 ? first : plain('i32.add', first, integer(4 * copy));
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

/** The number of instructions that compute something. */
function sizeOf(instruction: Instruction): number {
  if (!('operands' in instruction)) return 0;
  return instruction.operands.reduce((total, operand) => total + sizeOf(operand), 1);
}

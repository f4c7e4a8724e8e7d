/**
 * Sums that are kept in variables while a loop runs. They are float64, so that no length of a tensor makes them lose
 * more than float32 results show, and each copy of a loop's body has its own, so that none waits for another.
 *
 * Moments are sums of t - pivot and its square, the pivot a finite element of the group: of n elements one can lie at
 * most √n deviations from the mean, which costs log2(n) of 53 bits.
 */
import type { Gather } from '@isoact/core';
import { floats, get, type Instruction, type Local, lane, plain, set, shuffle, words } from '../binary/instruction.ts';
import type { Kernel, Lanes } from '../loops/kernel.ts';

/** The upper two float32 as the lower two. */
const upper = (value: Instruction): Instruction =>
  shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7], value, value);

/** Four float32 as two pairs of float64. */
export const halves = (value: Instruction): readonly [Instruction, Instruction] => [
  plain('f64x2.promote_low_f32x4', value),
  plain('f64x2.promote_low_f32x4', upper(value)),
];

/** NaN and infinities are no pivots. */
export const finiteOrZero = (value: Instruction, kernel: Kernel): Instruction =>
  plain(
    'v128.and',
    value,
    plain(
      'f32x4.lt',
      plain('f32x4.abs', value),
      kernel.builder.once(0, 'infinity', () => floats(Infinity)),
    ),
  );

export type Part = 'sum' | 'squares' | 'count';
export const partsOf = ({ kind }: Gather): readonly Part[] =>
  kind === 'moments' ? ['sum', 'squares'] : [kind === 'count' ? 'count' : 'sum'];

/** Adds to one of a gather's sums. Those of float64 have two halves. */
export type Update = (part: Part, half: number, name: 'i32x4.sub' | 'f64x2.add', amount: Instruction) => void;

/** What a vector adds to the sums of a gather. Lanes behind the last element add nothing. */
export function contribute(
  kernel: Kernel,
  { kind }: Gather,
  value: Instruction,
  lanes: Lanes,
  pivot: { readonly single: Instruction; readonly halves: readonly [Instruction, Instruction] } | null,
  update: Update,
): void {
  const { builder } = kernel;
  const mask = kernel.mask(lanes);
  const masked = !mask
    ? value
    : pivot
      ? plain('v128.bitselect', value, pivot.single, mask)
      : plain('v128.and', value, mask);
  if (kind === 'count') {
    update('count', 0, 'i32x4.sub', masked); // a truth is -1
    return;
  }
  for (const [half, amount] of halves(builder.keep(masked)).entries()) {
    if (!pivot) {
      update('sum', half, 'f64x2.add', amount);
      continue;
    }
    const distance = builder.keep(plain('f64x2.sub', amount, pivot.halves[half] as Instruction));
    update('sum', half, 'f64x2.add', distance);
    update('squares', half, 'f64x2.add', plain('f64x2.mul', distance, distance));
  }
}

/** The sums of one group, from the block in which its first element comes to the end of that block. */
export class RunningSums {
  /** The pivot in four float32 lanes and in two float64 ones. */
  readonly pivot: { readonly single: Local; readonly double: Local } | null;
  private readonly variables = new Map<string, Local>();
  private readonly kernel: Kernel;
  private readonly gather: Gather;
  private readonly level: number;

  constructor(kernel: Kernel, gather: Gather, level: number) {
    this.kernel = kernel;
    this.gather = gather;
    this.level = level;
    const zero = (): Local => this.zero('pivot');
    this.pivot = gather.kind === 'moments' ? { single: zero(), double: zero() } : null;
  }

  /** Makes the value in the first lane the pivot. */
  setPivot(value: Instruction): void {
    const { builder } = this.kernel;
    if (!this.pivot) return;
    const { single, double } = this.pivot;
    builder.append(
      set(single, plain('f32x4.splat', lane('f32x4.extract_lane', 0, value))),
      set(double, plain('f64x2.promote_low_f32x4', get(single))),
    );
  }

  /** Adds a vector of values, or of truth values. */
  add(value: Instruction, lanes: Lanes): void {
    const { single, double } = this.pivot ?? {};
    const pivot = single && double ? { single: get(single), halves: [get(double), get(double)] as const } : null;
    contribute(this.kernel, this.gather, value, lanes, pivot, (part, half, name, amount) => {
      const variable = this.variable(part, lanes.copy, half);
      this.kernel.builder.append(set(variable, plain(name, get(variable), amount)));
    });
  }

  /** The sum over all lanes: float64, or an integer. */
  total(part: Part): Instruction {
    const { builder } = this.kernel;
    const own = [...this.variables].filter(([key]) => key.startsWith(part)).map(([, local]) => get(local));
    const [single, type, lanes] = part === 'count' ? (['i32', 'i32x4', 4] as const) : (['f64', 'f64x2', 2] as const);
    const vector = builder.keep(own.reduce((a, b) => plain(`${type}.add`, a, b)));
    return Array.from({ length: lanes }, (_, index) => lane(`${type}.extract_lane`, index, vector)).reduce((a, b) =>
      plain(`${single}.add`, a, b),
    );
  }

  private variable(part: Part, copy: number, half: number): Local {
    const key = `${part}${copy}.${half}`;
    let local = this.variables.get(key);
    if (!local) {
      local = this.zero(part);
      this.variables.set(key, local);
    }
    return local;
  }

  /** A variable that is 0 when its block begins, whatever an earlier turn left. */
  private zero(name: string): Local {
    return this.kernel.builder.hold(this.level, name, 'v128', words(0));
  }
}

/** Philox4x32-10 for four neighbouring elements, in lanes; see `noiseAt` of core. */
import { philox } from '@isoact/core';
import {
  floats,
  get,
  type Instruction,
  integer,
  type Local,
  laneNumbers,
  plain,
  set,
  shuffle,
  type WasmFunction,
  words,
} from '../binary/instruction.ts';

const index: Local = { name: 'index', type: 'i32' };
const low: Local = { name: 'low', type: 'i32' };
const high: Local = { name: 'high', type: 'i32' };
const [a, b, c, d, next] = ['a', 'b', 'c', 'd', 'next'].map((name): Local => ({ name, type: 'v128' })) as [
  Local,
  Local,
  Local,
  Local,
  Local,
];

/** The upper words of the products of two vectors' lanes: those of the odd places of both halves of 64-bit products. */
const productHigh = (left: Instruction, right: Instruction): Instruction =>
  shuffle(
    [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31],
    plain('i64x2.extmul_low_i32x4_u', left, right),
    plain('i64x2.extmul_high_i32x4_u', left, right),
  );

const exclusiveOr = (...values: readonly Instruction[]): Instruction =>
  values.reduce((left, right) => plain('v128.xor', left, right));

function round(number: number): Instruction[] {
  const [first, second] = philox.multipliers.map((word) => words(word | 0)) as [Instruction, Instruction];
  const key = (local: Local, step: number): Instruction =>
    plain('i32x4.splat', plain('i32.add', get(local), integer(Math.imul(number, step))));
  return [
    set(next, exclusiveOr(productHigh(second, get(c)), get(b), key(low, philox.increments[0]))),
    set(b, plain('i32x4.mul', second, get(c))),
    set(c, exclusiveOr(productHigh(first, get(a)), get(d), key(high, philox.increments[1]))),
    set(d, plain('i32x4.mul', first, get(a))),
    set(a, get(next)),
  ];
}

/** Noise of the element at `index` and of the three after it, for a seed of two words. */
export const noiseVector: WasmFunction = {
  name: 'noiseVector',
  parameters: [index, low, high],
  results: ['v128'],
  locals: [a, b, c, d, next],
  body: [
    set(a, plain('i32x4.add', plain('i32x4.splat', get(index)), laneNumbers)),
    ...Array.from({ length: philox.rounds }, (_, number) => round(number)).flat(),
    plain('f32x4.mul', plain('f32x4.convert_i32x4_u', plain('i32x4.shr_u', get(a), integer(8))), floats(2 ** -24)),
  ],
};

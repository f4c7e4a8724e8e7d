/**
 * Powers of two, made in the bits of their exponent. A float32 k that is whole becomes an integer in the lowest bits of
 * k + 1.5·2^23; a shift by 23 moves it to where exponents are, and with 127 added before it is one.
 */
import type { Expression } from '@isoact/core';
import { detach } from '@isoact/core/expression';
import { type Instruction, integer, plain } from '../binary/instruction.ts';
import { boundsOf, type Interval } from './range.ts';

const bias = 127;
/** The exponents of normal numbers. */
const lowest = -126;
const highest = 127;
/** Added to a whole float32 below 2^22, it leaves the integer in the lowest bits. */
const integerShift = 1.5 * 2 ** 23;

export const isNormalExponent = ([low, high]: Interval): boolean => low >= lowest && high <= highest;

/** The same exponent, known to be that of a normal number where it is used. */
export const markNormal = (exponent: Expression): Expression => detach(exponent);
export const isMarked = (exponent: Expression): boolean => exponent.kind === 'unary' && exponent.name === 'detach';

/** What making a power of two needs of its surroundings. */
export interface Maker {
  readonly constant: (value: number) => Instruction;
  /** A variable that holds a value. */
  readonly hold: (value: Instruction) => Instruction;
}

/** a·2^k: a and its value, and the vector k, whose bounds its expression tells. */
export function scaled(
  a: Expression,
  value: Instruction,
  exponent: Expression,
  k: Instruction,
  make: Maker,
): Instruction {
  const { constant, hold } = make;
  const bounds = boundsOf(exponent);
  const isOne = a.kind === 'constant' && a.value === 1;
  const times = (factor: Instruction): Instruction => (isOne ? factor : plain('f32x4.mul', value, factor));
  const whole = (added: number): Instruction => plain('f32x4.add', k, constant(integerShift + added));
  const power = (bits: Instruction): Instruction => plain('i32x4.shl', bits, integer(23));
  if (isMarked(exponent) || isNormalExponent(bounds)) return times(power(whole(bias)));
  const [low, high] = bounds;
  if (a.kind === 'constant' && high - low <= highest - lowest) {
    // k moved to where powers are normal, and the product back
    const moved = low < lowest ? lowest - low : highest - high;
    return plain('f32x4.mul', power(whole(bias + moved)), constant(a.value * 2 ** -moved));
  }
  // the product of two halves, for k from -252 to 254
  const both = hold(whole(2 * bias));
  const half = hold(plain('i32x4.shr_u', both, integer(1)));
  return plain('f32x4.mul', times(power(half)), power(plain('i32x4.sub', both, half)));
}

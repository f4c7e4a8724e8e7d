/**
 * What differs between shading languages. The emitter walks the expression graph; a dialect only spells.
 */
import type { BinaryName, PrimitiveName } from '@isoact/core';

export type ValueType = 'number' | 'integer' | 'condition';

/** Text of an expression, and how tightly its outermost operator binds. */
export interface Term {
  readonly text: string;
  readonly binding: Binding;
}

/** From the tightest to the loosest: names, literals and calls; a sign; products; sums; comparisons; logic. */
export type Binding = 0 | 1 | 2 | 3 | 4 | 5;

export const atom = (text: string): Term => ({ text, binding: 0 });

/** Text of a term as an operand of something that binds as tightly as `binding`. */
export const within = ({ text, binding }: Term, allowed: Binding): string => (binding <= allowed ? text : `(${text})`);

/** Functions that a shader has only if they are used; the dialect writes their text. */
export type HelperName =
  | 'isNaN'
  | 'isPositive'
  | 'isNegative'
  | 'isPositiveOrZero'
  | 'isNegativeOrZero'
  | 'isZero'
  | 'isInfinity'
  | 'ordered'
  | 'isLess'
  | 'isLessOrEqual'
  | 'isEqual'
  | 'infinity'
  | 'notANumber'
  | 'vanishingProduct'
  | 'productOrZero'
  | 'minimumOf'
  | 'maximumOf'
  | 'scaleByPowerOfTwo'
  | 'scaleOrVanish'
  | 'hasSign'
  | 'highPart'
  | 'productHigh'
  | 'noiseAt';

export interface Helper {
  readonly text: string;
  readonly uses: readonly HelperName[];
}

export interface Dialect {
  readonly name: string;
  readonly helpers: Readonly<Record<HelperName, Helper>>;
  /** Operations that the language has; the others are helpers of the same name. */
  readonly unary: Readonly<Record<Exclude<PrimitiveName, 'highPart' | 'detach' | 'negate'>, string>>;
  readonly binary: Readonly<Record<Extract<BinaryName, 'minimum' | 'maximum'>, string>>;
  /** A statement that names a value. */
  declare(name: string, type: ValueType, value: string): string;
  /** A finite number that float32 holds. */
  literal(value: number): string;
  select(condition: Term, whenTrue: Term, whenFalse: Term): Term;
  /** An integer as a number. */
  toNumber(integer: string): string;
  /** A function of one number. */
  define(name: string, argument: string, lines: readonly string[], result: string): string;
}

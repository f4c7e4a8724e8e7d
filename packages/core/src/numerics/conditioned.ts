/**
 * Cheaper bodies again, for arguments that are rounded anyway, as a product is: they let half an ulp of the argument show
 * in the result two or three times more. What grade B grants a function of a computed value covers that. Outside of its
 * interval a body is wrong; NaN stays NaN in arithmetic that keeps it.
 *
 * All exponentials are 2^p with p = t·log2(e), one product and no reduction: p less the nearest whole number is exact.
 */
import {
  abs,
  add,
  argument,
  div,
  less,
  maximum,
  mul,
  round,
  scaleByPowerOfTwo,
  select,
  square,
  sub,
} from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { polynomial } from './building-blocks.ts';
import {
  arcSineSlope,
  arcSineTail,
  arcTangentNearZero,
  arcTangentSlope,
  binaryExponential,
  fadedComplement,
  log2OfE,
  logarithmTailToTwo,
  sigmoidNearerZero,
} from './coefficients.ts';
import type { RangedFunction } from './ranged.ts';

export interface ConditionedFunction extends RangedFunction {
  /** The coefficients c of an odd function that is t·Σ c_k·t^2k here. */
  readonly series?: readonly number[];
  /** The coefficients s of its derivative, which is Σ s_k·t^2k here. */
  readonly slope?: readonly number[];
}

const t = argument();

/** A long polynomial as two of half the length, of even and of odd powers, which a processor computes side by side. */
const evenAndOdd = (coefficients: readonly number[], x: Expression): Expression => {
  const half = (remainder: number): Expression =>
    polynomial(
      coefficients.filter((_, power) => power % 2 === remainder),
      square(x),
    );
  return add(half(0), mul(x, half(1)));
};

/** 2^p - 1 = 2^k·g + (2^k - 1), from its parts 2^k and g = 2^f - 1. */
function binaryParts(p: Expression): { readonly growth: Expression; readonly k: Expression } {
  const k = round(p);
  const f = sub(p, k);
  return { growth: mul(f, polynomial(binaryExponential, f)), k };
}

/** e^(s·t) for -87 ≤ s·t ≤ 88. */
const exponential = (s: number, of: Expression = t): Expression => {
  const { growth, k } = binaryParts(mul(of, s * log2OfE));
  return scaleByPowerOfTwo(add(growth, 1), k);
};

/** e^-t, which σ(t) and σ(-t) are made of: 1/(1 + e^-t) and e^-t/(1 + e^-t). */
export const decay: Pick<RangedFunction, 'body' | 'from' | 'to'> = { body: exponential(-1), from: -87, to: 87 };

function expm1(): Expression {
  const { growth, k } = binaryParts(mul(t, log2OfE));
  const scale = scaleByPowerOfTwo(1, k);
  return add(mul(scale, growth), sub(scale, 1));
}

/** e^{-a²}·P(v), v = w/(1 + w), w = 0.6·a, a = |t|; v keeps the relative accuracy of a where the function is 1. */
function erfc(): Expression {
  const w = mul(abs(t), 0.6);
  const upper = mul(exponential(-1, square(t)), evenAndOdd(fadedComplement, div(w, add(w, 1))));
  return select(less(t, 0), sub(2, upper), upper);
}

/** max(t, 0) + log(1 + e), e = e^-|t|. */
function softplus(): Expression {
  const e = exponential(-1, abs(t));
  const rest = mul(square(e), evenAndOdd(logarithmTailToTwo, sub(e, 0.5)));
  return add(e, add(maximum(t, 0), rest));
}

const odd = (name: 'atan' | 'asin', tail: readonly number[], slope: readonly number[]): ConditionedFunction => {
  const series = [1, ...tail];
  return { name, from: -0.5, to: 0.5, series, slope, body: mul(t, polynomial(series, square(t))) };
};

export const conditionedLibrary: readonly ConditionedFunction[] = [
  odd('atan', arcTangentNearZero, arcTangentSlope),
  odd('asin', arcSineTail, arcSineSlope),
  { name: 'sigmoid', from: -0.125, to: 0.125, body: add(0.5, mul(t, polynomial(sigmoidNearerZero, square(t)))) },
  { name: 'exp', from: -87, to: 88, body: exponential(1) },
  { name: 'expm1', from: -87, to: 88, body: expm1() },
  { name: 'sigmoid', ...decay, body: div(1, add(1, decay.body)) },
  { name: 'softplus', from: -87, to: 87, body: softplus() },
  { name: 'erfc', from: -5.7, to: 5.7, body: erfc() },
];

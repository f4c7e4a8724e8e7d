/**
 * exp and what is made of it. All reduce t = k·ln2 + r with |r| ≤ ln2/2, and use e^r = 1 + r + r²·P(r). The terms of
 * e^r are never added before they must be: a constant such as 1 - 2^-k goes first, where the sum with r is exact or
 * nearly so, so that each function is rounded about once.
 */
import {
  abs,
  add,
  argument,
  div,
  less,
  maximum,
  minimum,
  mul,
  neg,
  round,
  scaleByPowerOfTwo,
  select,
  square,
  sub,
} from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { identityNearZero, keepNaN, odd, polynomial } from './building-blocks.ts';
import { exponentialTail, ln2High, ln2Low, log2OfE } from './coefficients.ts';

const t = argument();

/** t = k·ln2 + r for |t| ≤ 105. k·ln2High has at most 24 bits, so that the first subtraction is exact. */
function reduceByLn2(t: Expression): { k: Expression; r: Expression } {
  const k = round(mul(t, log2OfE));
  return { k, r: sub(sub(t, mul(k, ln2High)), mul(k, ln2Low)) };
}

/** e^r - 1 - r, for |r| ≤ ln2/2. */
export const exponentialRest = (r: Expression): Expression => mul(square(r), polynomial(exponentialTail, r));

/** A value as significand·2^exponent, the significand of about the size of 1 and the exponent whole. */
export interface Split {
  readonly significand: Expression;
  readonly exponent: Expression;
}

/** e^t for -174 ≤ t ≤ 175, so that neither ln2High·exponent nor 2^exponent needs more than its arithmetic allows. */
export function splitExponential(t: Expression): Split {
  const { k, r } = reduceByLn2(t);
  return { significand: add(add(exponentialRest(r), r), 1), exponent: k };
}

/** e^t for -104 ≤ t ≤ 89; beyond these limits the result is 0 or infinite in float32. */
export function exponentialOf(t: Expression): Expression {
  const { significand, exponent } = splitExponential(t);
  return scaleByPowerOfTwo(significand, exponent);
}

const expBody = (): Expression => keepNaN(t, exponentialOf(minimum(maximum(t, -104), 89)));

/** e^t - 1 = 2^k·((1 - 2^-k + r) + (e^r - 1 - r)); -1 from t = -18 down. */
const expm1Body = (): Expression => {
  const { k, r } = reduceByLn2(minimum(maximum(t, -18), 89));
  // the maximum is the other operand always; see building-blocks.ts on barriers
  const step = maximum(sub(1, scaleByPowerOfTwo(1, neg(k))), -(2 ** 27));
  return identityNearZero(t, 2 ** -25, scaleByPowerOfTwo(add(add(step, r), exponentialRest(r)), k));
};

/**
 * |t| = r - k·ln2 for |t| ≤ limit, and σ(-|t|) = 2^k / denominator, the denominator being 2^k + e^r. `growth` is e^r - 1,
 * so that σ(|t|) = (1 + growth) / denominator.
 */
export function lowerSigmoid(limit: number): Record<'k' | 'scale' | 'growth' | 'denominator', Expression> {
  const a = minimum(abs(t), limit);
  const k = round(mul(a, -log2OfE));
  const r = add(add(a, mul(k, ln2High)), mul(k, ln2Low));
  const scale = scaleByPowerOfTwo(1, k);
  const growth = add(exponentialRest(r), r);
  // the sum grows from the small terms to 1, which leaves it one rounding of consequence
  return { k, scale, growth, denominator: add(add(growth, scale), 1) };
}

/** σ(t) for -limit ≤ t; σ(|t|) = 1 - σ(-|t|). */
export const sigmoidFrom = (limit: number): Expression => {
  const { scale, denominator } = lowerSigmoid(limit);
  const lower = div(scale, denominator);
  return keepNaN(t, select(less(t, 0), lower, sub(1, lower)));
};

/** 2·(e^-2s - 1 + 2s)/(2s)², so that s²·P(s) = (e^-2s - 1 + 2s)/2. */
const halvedTail = exponentialTail.map((c, power) => c * 2 * (-2) ** power);

/**
 * With |t| = k·ln2/2 + s: tanh|t| = (1 - e^{-2|t|}) / (1 + e^{-2|t|}) = (2^k - 1 + 2w) / (2^k + 1 - 2w) with
 * 2w = 1 - e^{-2s}. For k = 0 this is accurate down to 0; the exponent is negative so that 2^k - 1 + 2w cancels little.
 */
const tanhBody = (): Expression => {
  const a = minimum(abs(t), 10);
  const k = round(mul(a, 2 * log2OfE));
  const s = sub(sub(a, mul(k, ln2High / 2)), mul(k, ln2Low / 2));
  const half = scaleByPowerOfTwo(0.5, k);
  const w = sub(s, mul(square(s), polynomial(halvedTail, s)));
  const step = abs(sub(half, 0.5)); // never negative: a barrier
  return identityNearZero(t, 2 ** -13, odd(t, div(add(step, w), sub(add(half, 0.5), w))));
};

export const exponentialFamily: Readonly<Record<'exp' | 'expm1' | 'sigmoid' | 'tanh', Expression>> = {
  exp: expBody(),
  expm1: expm1Body(),
  sigmoid: sigmoidFrom(104), // beyond, the result is 0
  tanh: tanhBody(),
};

/**
 * Cheaper bodies for functions whose argument is known to lie in an interval, as by a parameter's range class. Outside
 * the interval they are wrong. Like the library's, they are within 2 ulp, and NaN stays NaN.
 */
import { add, argument, maximum, mul, round, scaleByPowerOfTwo, square, sub } from '../expression/build.ts';
import type { Expression, FunctionName } from '../expression/node.ts';
import { keepNaN, polynomial } from './building-blocks.ts';
import { log2OfE, sigmoidNearZero, tanhNearZero } from './coefficients.ts';
import { erfcUpTo } from './error-function.ts';
import { exponentialOf, exponentialRest, sigmoidFrom } from './exponential.ts';
import { logarithmRest } from './logarithm.ts';

export interface RangedFunction {
  readonly name: FunctionName;
  readonly from: number;
  readonly to: number;
  readonly body: Expression;
}

const t = argument();

/**
 * With S = 2^k: e^t - 1 = S·(e^r - 1) + (S - 1). Zero comes out as +0. The error of r grows with |k| and is scaled by S,
 * so that one constant for ln 2 is enough.
 */
function expm1OfNegative(): Expression {
  const clamped = maximum(t, -18);
  const k = round(mul(clamped, log2OfE));
  const r = sub(clamped, mul(k, Math.fround(Math.LN2)));
  const scale = scaleByPowerOfTwo(1, k);
  return keepNaN(t, add(mul(scale, add(exponentialRest(r), r)), sub(scale, 1)));
}

/** The last three have a normal power of two in them, and a normal result: no tail. */
export const rangedLibrary: readonly RangedFunction[] = [
  { name: 'sigmoid', from: -0.5, to: 0.5, body: add(0.5, mul(t, polynomial(sigmoidNearZero, square(t)))) },
  {
    name: 'tanh',
    from: -0.5,
    to: 0.5,
    body: mul(t, add(1, mul(square(t), polynomial(tanhNearZero, square(t))))),
  },
  { name: 'expm1', from: -Infinity, to: 0, body: expm1OfNegative() },
  { name: 'log1p', from: 0, to: 1, body: add(t, logarithmRest(t)) },
  { name: 'exp', from: -87, to: 88, body: keepNaN(t, exponentialOf(t)) },
  { name: 'sigmoid', from: -87, to: Infinity, body: sigmoidFrom(87) },
  { name: 'erfc', from: -Infinity, to: 9, body: erfcUpTo(9) },
];

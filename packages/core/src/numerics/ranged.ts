/**
 * Cheaper bodies for functions whose argument is known to lie in an interval, as by a parameter's range class. Outside
 * the interval they are wrong. Like the library's, they are within 2 ulp, and NaN stays NaN.
 */
import { add, argument, maximum, mul, scaleByPowerOfTwo, square, sub } from '../expression/build.ts';
import type { Expression, FunctionName } from '../expression/node.ts';
import { keepNaN, polynomial } from './building-blocks.ts';
import { sigmoidNearZero, tanhNearZero } from './coefficients.ts';
import { exponentialRest, reduceByLn2 } from './exponential.ts';
import { logarithmRest } from './logarithm.ts';

export interface RangedFunction {
  readonly name: FunctionName;
  readonly from: number;
  readonly to: number;
  readonly body: Expression;
}

const t = argument();

/** With S = 2^k: e^t - 1 = S·(e^r - 1) + (S - 1). Zero comes out as +0. */
function expm1OfNegative(): Expression {
  const { k, r } = reduceByLn2(maximum(t, -18));
  const scale = scaleByPowerOfTwo(1, k);
  return keepNaN(t, add(mul(scale, add(exponentialRest(r), r)), sub(scale, 1)));
}

export const rangedLibrary: readonly RangedFunction[] = [
  { name: 'sigmoid', from: -0.5, to: 0.5, body: add(0.5, mul(t, polynomial(sigmoidNearZero, square(t)))) },
  {
    name: 'tanh',
    from: -0.5,
    to: 0.5,
    body: mul(t, add(1, mul(square(t), polynomial(tanhNearZero, square(t))))),
  },
  { name: 'expm1', from: Number.NEGATIVE_INFINITY, to: 0, body: expm1OfNegative() },
  { name: 'log1p', from: 0, to: 1, body: add(t, logarithmRest(t)) },
];

/**
 * What the bodies of the float32 library share.
 *
 * WGSL lets a compiler reassociate sums, and Metal's does. Most sums here survive that, at the cost of some ulp. Where one
 * would cancel, an operation that changes nothing but cannot be seen through stands between its terms: a *barrier*.
 */
import { abs, add, either, isNaN as isNaNNode, less, mul, neg, type Operand, select } from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';

/** A polynomial by Horner's rule, coefficients lowest power first. */
export const polynomial = (coefficients: readonly number[], x: Expression): Expression =>
  coefficients.reduceRight<Operand>(
    (total, c, power) => (power === coefficients.length - 1 ? c : add(c, mul(total, x))),
    0,
  ) as Expression;

/** The body of a function, kept from losing a NaN on targets whose arithmetic may (minimum, conversions, fast math). */
export const keepNaN = (t: Expression, body: Expression): Expression => select(isNaNNode(t), t, body);

/** The body of a function that is t itself, sign of zero included, to within half an ulp where |t| < `below`. */
export const identityNearZero = (t: Expression, below: number, body: Expression): Expression =>
  select(either(isNaNNode(t), less(abs(t), below)), t, body);

/** An odd function, from its value at |t|; t = -0 is the caller's (see `identityNearZero`). */
export const odd = (t: Expression, magnitude: Expression): Expression => select(less(t, 0), neg(magnitude), magnitude);

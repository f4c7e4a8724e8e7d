/** atan and asin: an odd polynomial on a short interval, and the complement to π/2 beyond it. */
import { abs, add, argument, div, less, minimum, mul, select, sqrt, square, sub } from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { identityNearZero, odd, polynomial } from './building-blocks.ts';
import { arcSineTail, arcTangentTail, halfPiHigh, halfPiLow, halfPiRest } from './coefficients.ts';

const t = argument();
const a = abs(t);

/** u + u³·P(u²), z = u². */
const oddPolynomial = (u: Expression, z: Expression, tail: readonly number[]): Expression =>
  add(u, mul(mul(u, z), polynomial(tail, z)));

/** atan(a) = π/2 - atan(1/a) for a > 1. */
const atanBody = (): Expression => {
  const large = less(1, a);
  const u = select(large, div(1, a), a);
  const arc = oddPolynomial(u, square(u), arcTangentTail);
  return identityNearZero(t, 2 ** -13, odd(t, select(large, sub(halfPiHigh, sub(arc, halfPiLow)), arc)));
};

/**
 * asin(a) = π/2 - 2·asin(√((1 - a)/2)) for a > 1/2. 1 - a is exact, and so is 1.5 less the double of the root as long as
 * the result stays below 1.
 */
const asinBody = (): Expression => {
  const clipped = minimum(a, 1);
  const large = less(0.5, clipped);
  const z = select(large, mul(sub(1, clipped), 0.5), square(clipped));
  const v = select(large, mul(sqrt(z), -2), clipped);
  const rest = mul(v, mul(z, polynomial(arcSineTail, z)));
  const complement = add(add(v, 1.5), add(rest, halfPiRest));
  return identityNearZero(t, 2 ** -13, odd(t, select(large, complement, add(v, rest))));
};

export const trigonometricFamily: Readonly<Record<'atan' | 'asin', Expression>> = {
  atan: atanBody(),
  asin: asinBody(),
};

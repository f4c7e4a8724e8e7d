/**
 * log, log1p and softplus. The first two split their argument as 2^k·(1 + f), f about -0.3 to 0.43, and add k·ln2 to
 * log(1 + f) = f + f²·P(f). A body cannot read an exponent's bits: it has k from eight square roots.
 */
import {
  abs,
  add,
  argument,
  div,
  less,
  maximum,
  mul,
  neg,
  round,
  scaleByPowerOfTwo,
  select,
  sqrt,
  square,
  sub,
} from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { identityNearZero, keepNaN, polynomial } from './building-blocks.ts';
import { exponentOfRoot, ln2High, ln2Low, logarithmTail, logarithmTailToTwo } from './coefficients.ts';
import { exponentialOf } from './exponential.ts';

const t = argument();
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/** log2(a) to the nearest integer, or near a half the other one: within 0.52. */
function binaryExponent(a: Expression): Expression {
  let root = a;
  for (let i = 0; i < 8; i++) root = sqrt(root);
  return round(polynomial(exponentOfRoot, root));
}

/** k·ln2 + log(1 + f) */
const assemble = (k: Expression, f: Expression): Expression =>
  add(mul(k, ln2High), add(f, add(mul(square(f), polynomial(logarithmTail, f)), mul(k, ln2Low))));

/** The logarithm of a where it is not that of a positive finite number: infinite, or NaN for a negative one. */
const withLimits = (a: Expression, body: Expression): Expression =>
  select(less(0, a), select(less(largestFloat, a), a, body), div(-1, abs(sqrt(a))));

const logBody = (): Expression => {
  // the root of a subnormal argument is 0 on a device that flushes it
  const k = maximum(binaryExponent(t), -150);
  return keepNaN(t, withLimits(t, assemble(k, sub(scaleByPowerOfTwo(t, neg(k)), 1))));
};

/** With 1 + t ≈ 2^k: f = t·2^-k + (2^-k - 1), where only the sum is rounded, and not even that near t = 0 and t = -1. */
const log1pBody = (): Expression => {
  const shifted = add(t, 1);
  const minusK = neg(binaryExponent(shifted));
  const step = maximum(sub(scaleByPowerOfTwo(1, minusK), 1), -2); // never below -1: a barrier
  const f = add(scaleByPowerOfTwo(t, minusK), step);
  return identityNearZero(t, 2 ** -25, withLimits(shifted, assemble(neg(minusK), f)));
};

/** log(1 + f) - f, for 0 ≤ f ≤ 1. */
export const logarithmRest = (f: Expression): Expression => mul(square(f), polynomial(logarithmTailToTwo, sub(f, 0.5)));

/** max(t, 0) + log(1 + e), e = e^-|t|. */
const softplusBody = (): Expression => {
  const e = exponentialOf(maximum(neg(abs(t)), -104));
  return keepNaN(t, add(e, add(maximum(t, 0), logarithmRest(e))));
};

export const logarithmFamily: Readonly<Record<'log' | 'log1p' | 'softplus', Expression>> = {
  log: logBody(),
  log1p: log1pBody(),
  softplus: softplusBody(),
};

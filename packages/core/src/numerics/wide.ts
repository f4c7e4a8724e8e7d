/**
 * The float64 library: functions for results in float32, on targets that compute in float64 and have exp, log and tanh
 * there. What float32 must be careful with (tails, cancellation, overflow half-way) float64 has room for, so the bodies
 * are the plain formulas but for the places where even that room ends. Over `argument()`; within 2^-26, relatively:
 * rounded, that is the nearest float32 or the one beside it.
 */
import {
  abs,
  add,
  argument,
  div,
  exp,
  less,
  log,
  maximum,
  minimum,
  mul,
  neg,
  select,
  square,
  sub,
} from '../expression/build.ts';
import type { Expression, FunctionName } from '../expression/node.ts';
import { odd, polynomial } from './building-blocks.ts';
import { erfNearZero, scaledComplement } from './coefficients.ts';

const t = argument();

/** Below, the next term of a series is less than 2^-34 of the sum, and above, 1 + t keeps as much of t. */
const small = 1e-5;

/** log(1 + u) for u > -1. */
const logOnePlus = (u: Expression): Expression =>
  select(less(abs(u), small), mul(u, sub(1, mul(u, 0.5))), log(add(u, 1)));

/** e^{-a²}·W/(1 + 2a), a = |t|: the formula of the float32 library, whose W is good up to 10.5. */
function upperErfc(): Expression {
  const a = abs(t);
  const held = minimum(a, 10.5);
  const bulge = polynomial(scaledComplement, sub(div(held, add(held, 2.5)), 0.375));
  return div(mul(exp(neg(square(a))), add(bulge, 1)), add(add(held, held), 1));
}

export const float64Library: Readonly<Partial<Record<FunctionName, Expression>>> = {
  sigmoid: div(1, add(exp(neg(t)), 1)),
  expm1: select(less(abs(t), small), add(t, mul(square(t), 0.5)), sub(exp(t), 1)),
  log1p: logOnePlus(t),
  softplus: add(maximum(t, 0), logOnePlus(exp(neg(abs(t))))),
  erf: select(less(abs(t), 0.875), add(t, mul(t, polynomial(erfNearZero, square(t)))), odd(t, sub(1, upperErfc()))),
  erfc: select(less(t, 0), sub(2, upperErfc()), upperErfc()),
};

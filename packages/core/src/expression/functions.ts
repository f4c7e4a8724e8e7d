/**
 * The named functions of one number: for each its value in float64 and its derivative, in the form that does not cancel
 * or overflow.
 */
import {
  abs,
  add,
  chainedUnbounded,
  div,
  mul,
  neg,
  sqrt,
  square,
  sub,
  type UnaryConstructor,
  unaryConstructor,
} from './arithmetic.ts';
import { less, select } from './predicates.ts';
import * as special from './special.ts';

export const exp: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'exp',
  evaluate: Math.exp,
  derivative: (_, value) => value,
  chain: chainedUnbounded,
});
export const expm1: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'expm1',
  evaluate: Math.expm1,
  derivative: (t) => exp(t),
  chain: chainedUnbounded,
});
export const log: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'log',
  evaluate: Math.log,
  derivative: (t) => div(1, t),
  chain: chainedUnbounded,
});
export const log1p: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'log1p',
  evaluate: Math.log1p,
  derivative: (t) => div(1, add(1, t)),
  chain: chainedUnbounded,
});
/** The logistic function 1/(1 + e^-t). */
export const sigmoid: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'sigmoid',
  evaluate: special.sigmoid,
  derivative: (t) => mul(sigmoid(t), sigmoid(neg(t))),
});
export const tanh: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'tanh',
  evaluate: Math.tanh,
  derivative: (t) => mul(mul(4, sigmoid(mul(2, t))), sigmoid(mul(-2, t))),
});
/** log(1 + e^t). */
export const softplus: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'softplus',
  evaluate: special.softplus,
  derivative: (t) => sigmoid(t),
});
export const atan: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'atan',
  evaluate: Math.atan,
  derivative: (t) => div(1, add(1, square(t))),
});
/** The arc sine, of the argument clipped to [-1, 1]; its derivative is 0 from there on. */
export const asin: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'asin',
  evaluate: special.clippedAsin,
  derivative: (t) => select(less(abs(t), 1), div(1, sqrt(mul(sub(1, t), add(1, t)))), 0),
});
export const erf: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'erf',
  evaluate: special.erf,
  derivative: (t) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(t)))),
});
export const erfc: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'erfc',
  evaluate: special.erfc,
  derivative: (t) => mul(-2 / Math.sqrt(Math.PI), exp(neg(square(t)))),
});

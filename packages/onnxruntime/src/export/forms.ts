/** How functions become operators: the runtime's own, or expressions that are more accurate. */
import type { Expression } from '@isoact/core';
import {
  abs,
  add,
  div,
  equal,
  erf,
  exp,
  less,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  select,
  sub,
} from '@isoact/core/expression';
import type { FunctionForms } from './lower.ts';

/** `native`: the runtime's operators wherever it has one. `accurate`: what meets the suite's grades. */
export type Form = 'native' | 'accurate';

/** log(1 + t) by Kahan's correction of what 1 + t loses. */
const kahanLog1p = (t: Expression): Expression => {
  const u = add(1, t);
  const ratio = div(log(u), sub(u, 1));
  return select(equal(u, 1), t, select(equal(u, Number.POSITIVE_INFINITY), t, mul(t, ratio)));
};
/** e^t - 1, likewise. */
const kahanExpm1 = (t: Expression): Expression => {
  const u = exp(t);
  const ratio = div(sub(u, 1), log(u));
  return select(equal(u, 1), t, select(less(1, abs(t)), sub(u, 1), mul(t, ratio)));
};
const stableSigmoid = (t: Expression): Expression => {
  const e = exp(neg(abs(t)));
  return div(select(less(t, 0), e, 1), add(1, e));
};

const native: FunctionForms = {
  exp: { operator: 'Exp' },
  expm1: kahanExpm1,
  log: { operator: 'Log' },
  log1p: kahanLog1p,
  sigmoid: { operator: 'Sigmoid' },
  tanh: { operator: 'Tanh' },
  softplus: (t) => add(maximum(t, 0), log1p(exp(neg(abs(t))))),
  atan: { operator: 'Atan' },
  // outside of [-1, 1] the operator gives NaN
  asin: { operator: 'Asin', prepare: (t) => minimum(maximum(t, -1), 1) },
  erf: { operator: 'Erf' },
  erfc: (t) => sub(1, erf(t)),
};

const accurate: FunctionForms = { ...native, sigmoid: stableSigmoid };

export const formsOf = (form: Form): FunctionForms => ({ native, accurate })[form];

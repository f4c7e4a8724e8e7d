/** How functions become operators: the runtime's own, or core's float32 library in operators that round as they should. */
import type { Expression, FunctionName } from '@isoact/core';
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
  mapOperands,
  maximum,
  minimum,
  mul,
  neg,
  select,
  sub,
} from '@isoact/core/expression';
import { float32Library } from '@isoact/core/numerics';

/**
 * `native`: the runtime's operator wherever it has one; small, fast, and as accurate as the runtime makes it.
 * `accurate`: arithmetic alone, within 2 ulp of each function on every provider.
 */
export type Form = 'native' | 'accurate';

/** An operator of the runtime, and what is done to the argument before where the operator's domain is smaller. */
export interface OperatorForm {
  readonly operator: string;
  readonly prepare?: (t: Expression) => Expression;
}
/** How a function is computed: by an operator, or by an expression of its argument. */
export type FunctionForm = OperatorForm | ((t: Expression) => Expression);
export type FunctionForms = Readonly<Record<FunctionName, FunctionForm>>;

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

/** A library function's body with t in the place of its argument. */
function applied(body: Expression, t: Expression): Expression {
  const results = new Map<unknown, unknown>();
  const apply = <T extends Parameters<typeof mapOperands>[0]>(node: T): T => {
    if (node.kind === 'argument') return t as T;
    const known = results.get(node) as T | undefined;
    if (known) return known;
    const result = mapOperands(node, apply) as T;
    results.set(node, result);
    return result;
  };
  return apply(body);
}

const accurate = Object.fromEntries(
  Object.entries(float32Library).map(([name, body]) => [name, (t: Expression) => applied(body, t)]),
) as unknown as FunctionForms; // the library has every function

export const formsOf = (form: Form): FunctionForms => ({ native, accurate })[form];

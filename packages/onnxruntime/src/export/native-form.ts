/** The runtime's operators, and compositions of them for functions that it has none for. */
import type { Expression, FunctionName, Node } from '@isoact/core';
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
  unary,
} from '@isoact/core/expression';
import type { Lower } from './forms.ts';

/** The functions that ONNX has an operator for. */
export const functionOperators: Readonly<Partial<Record<FunctionName, string>>> = {
  exp: 'Exp',
  log: 'Log',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  atan: 'Atan',
  asin: 'Asin',
  erf: 'Erf',
};

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

const compositions: Readonly<Partial<Record<FunctionName, (t: Expression) => Expression>>> = {
  expm1: kahanExpm1,
  log1p: kahanLog1p,
  softplus: (t) => add(maximum(t, 0), log1p(exp(neg(abs(t))))),
  erfc: (t) => sub(1, erf(t)),
};

/** The operator gives NaN outside of [-1, 1]. */
export const clipped = ({ operand }: Extract<Node, { kind: 'unary' }>, lower: Lower): Expression =>
  unary('asin', minimum(maximum(lower(operand), -1), 1));

export function natively(node: Node, lower: Lower): Expression | undefined {
  if (node.kind !== 'unary') return undefined;
  if (node.name === 'asin') return clipped(node, lower);
  const composition = compositions[node.name as FunctionName];
  return composition && lower(composition(node.operand));
}

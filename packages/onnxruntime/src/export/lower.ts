/**
 * Rewrites a graph so that it holds only functions that ONNX has operators for. What a function is rewritten into is
 * again an expression, so the rules read like the formulas that they are.
 */
import {
  add,
  binary,
  constant,
  count,
  equal,
  erf,
  type Expression,
  exp,
  type FunctionName,
  intern,
  less,
  log,
  log1p,
  lessOrEqual,
  maximum,
  mul,
  div,
  neg,
  type Node,
  operands,
  type Predicate,
  select,
  sub,
  topologicalOrder,
  unary,
  type UnaryName,
  abs,
} from '@isoact/core';

/** How a function is computed: by the runtime's operator of that name, or by an expression of its argument. */
export type FunctionForm = string | ((t: Expression) => Expression);
export type FunctionForms = Readonly<Record<FunctionName, FunctionForm>>;

/** Kahan's forms, which keep the small arguments that 1 + t and e^t - 1 lose. */
const accurateLog1p = (t: Expression): Expression => {
  const u = add(1, t);
  const ratio = div(log(u), sub(u, 1));
  return select(equal(u, 1), t, select(equal(u, Number.POSITIVE_INFINITY), t, mul(t, ratio)));
};
const accurateExpm1 = (t: Expression): Expression => {
  const u = exp(t);
  const ratio = div(sub(u, 1), log(u));
  return select(equal(u, 1), t, select(less(1, abs(t)), sub(u, 1), mul(t, ratio)));
};
const accurateSigmoid = (t: Expression): Expression => {
  const e = exp(neg(abs(t)));
  return div(select(less(t, 0), e, 1), add(1, e));
};

export const nativeForms: FunctionForms = {
  exp: 'Exp',
  expm1: accurateExpm1,
  log: 'Log',
  log1p: accurateLog1p,
  sigmoid: accurateSigmoid,
  tanh: 'Tanh',
  softplus: (t) => add(maximum(t, 0), log1p(exp(neg(abs(t))))),
  atan: 'Atan',
  asin: 'Asin',
  erf: 'Erf',
  erfc: (t) => sub(1, erf(t)),
};

/** The same graphs with every function replaced that has no operator, down to those that have one. */
export function lower(roots: readonly Expression[], forms: FunctionForms): Expression[] {
  const lowered = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) lowered.set(node, rewrite(node));
  return roots.map((root) => lowered.get(root) as Expression);

  function rewrite(node: Node): Node {
    const parts = operands(node).map((operand) => lowered.get(operand) as Node);
    if (node.kind === 'unary' && isFunction(node.name)) {
      const form = forms[node.name];
      const argument = parts[0] as Expression;
      // the expression may itself hold functions that have no operator
      return typeof form === 'string' ? unary(node.name, argument) : (lower([form(argument)], forms)[0] as Node);
    }
    return withOperands(node, parts);
  }

  function isFunction(name: UnaryName): name is FunctionName {
    return name in forms;
  }
}

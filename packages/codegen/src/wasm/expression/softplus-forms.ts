/**
 * Functions of softplus as rational functions of e^t. With e = e^t and n = e·(e + 2), so that n + 1 = (1 + e)²:
 *
 *     tanh(softplus t) = n/(n + 2)    σ(2·softplus t) = (n + 1)/(n + 2)    σ(-2·softplus t) = 1/(n + 2)
 *
 * One exponential and one division instead of three functions. These are mish and its derivative.
 */
import type { Expression, Split } from '@isoact/core';
import { add, div, exp, less, minimum, mul, select } from '@isoact/core/expression';

/** From here on n is near the largest float32, and the three are 1, 1 and 0. */
const largest = 43;

export interface SoftplusForm {
  readonly kind: 'tanh' | 'upper' | 'lower';
  readonly t: Expression;
  /** e^t, which is to be legalised and split. */
  readonly exponential: Expression;
}

/** The function of softplus that a node is, or null. */
export function softplusForm(node: Expression): SoftplusForm | null {
  if (node.kind !== 'unary') return null;
  const { name, operand } = node;
  const form = (kind: SoftplusForm['kind'], { operand: t }: { operand: Expression }): SoftplusForm => ({
    kind,
    t,
    exponential: exp(minimum(t, largest)),
  });
  if (name === 'tanh' && isSoftplus(operand)) return form('tanh', operand);
  if (name !== 'sigmoid' || operand.kind !== 'binary' || operand.name !== 'multiply') return null;
  const { left: factor, right } = operand;
  if (!isSoftplus(right) || factor.kind !== 'constant' || Math.abs(factor.value) !== 2) return null;
  return form(factor.value > 0 ? 'upper' : 'lower', right);
}

/** The function's value, from t and e = e^t. */
export function valueOf({ kind }: SoftplusForm, t: Expression, e: Expression): Expression {
  const n = mul(e, add(e, 2));
  const denominator = add(n, 2);
  if (kind === 'tanh') return div(n, denominator);
  return kind === 'upper' ? div(add(n, 1), denominator) : select(less(largest, t), 0, div(1, denominator));
}

/** tanh(softplus t) with its tail as significand and exponent, from e^t in the same form. */
export function splitTanh(t: Expression, e: Expression, { significand, exponent }: Split): Split {
  const isTail = less(t, 0);
  const denominator = add(mul(e, add(e, 2)), 2);
  return {
    significand: div(mul(select(isTail, significand, e), add(e, 2)), denominator),
    exponent: select(isTail, exponent, 0),
  };
}

const isSoftplus = (node: Expression): node is Extract<Expression, { kind: 'unary' }> =>
  node.kind === 'unary' && node.name === 'softplus';

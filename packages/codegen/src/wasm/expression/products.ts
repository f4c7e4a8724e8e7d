/** Products with the factors brought together that are one number for all elements: those multiply once for all. */
import type { Expression, Node } from '@isoact/core';
import { abs, constant, mul, neg } from '@isoact/core/expression';

/** Whether a value is the same for all elements. */
export type IsUniform = (node: Node) => boolean;

export interface Factors {
  /** The product of constants, float32, and of what else is uniform. */
  readonly number: number;
  readonly uniform: readonly Expression[];
  readonly varying: readonly Expression[];
  /** The product of what varies, multiplied as it was. */
  readonly rest: Expression | null;
}

/** The factors of a product; `seen` tells what a node is known to be in its place. */
export function factorsOf(given: Expression, isUniform: IsUniform, seen = (node: Expression) => node): Factors {
  const node = seen(given);
  if (node.kind === 'constant') return { number: node.value, uniform: [], varying: [], rest: null };
  if (isUniform(node)) return { number: 1, uniform: [node], varying: [], rest: null };
  if (node.kind === 'unary' && node.name === 'negate') {
    const inner = factorsOf(node.operand, isUniform, seen);
    return { ...inner, number: -inner.number };
  }
  if (node.kind === 'unary' && node.name === 'absolute') {
    const { number, uniform, rest } = factorsOf(node.operand, isUniform, seen);
    const size = uniform.length === 0 && rest && abs(rest);
    if (size) return { number: Math.abs(number), uniform, varying: [size], rest: size };
  }
  if (node.kind !== 'binary' || node.name !== 'multiply')
    return { number: 1, uniform: [], varying: [node], rest: node };
  const [a, b] = [factorsOf(node.left, isUniform, seen), factorsOf(node.right, isUniform, seen)];
  return {
    number: Math.fround(a.number * b.number),
    uniform: [...a.uniform, ...b.uniform],
    varying: [...a.varying, ...b.varying],
    rest: a.rest && b.rest ? mul(a.rest, b.rest) : (a.rest ?? b.rest),
  };
}

/** A product with its uniform factors first, or a value that is none as it is. */
export function gathered(node: Expression, isUniform: IsUniform): Expression {
  const { number, uniform, rest } = factorsOf(node, isUniform);
  return rest && rest !== node ? mul(product([...uniform, constant(number)]), rest) : node;
}

export const product = (factors: readonly Expression[]): Expression => factors.reduce(mul, constant(1));

/** A value and whether it is the negative of what its operand says. */
export function withoutMinus(node: Expression, isUniform: IsUniform): Expression | null {
  return factorsOf(node, isUniform).number < 0 ? gathered(neg(node), isUniform) : null;
}

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
}

export function factorsOf(node: Expression, isUniform: IsUniform): Factors {
  if (node.kind === 'constant') return { number: node.value, uniform: [], varying: [] };
  if (isUniform(node)) return { number: 1, uniform: [node], varying: [] };
  if (node.kind === 'unary' && node.name === 'negate') {
    const inner = factorsOf(node.operand, isUniform);
    return { ...inner, number: -inner.number };
  }
  if (node.kind === 'unary' && node.name === 'absolute') {
    const { number, uniform, varying } = factorsOf(node.operand, isUniform);
    if (uniform.length === 0) return { number: Math.abs(number), uniform, varying: [abs(product(varying))] };
  }
  if (node.kind !== 'binary' || node.name !== 'multiply') return { number: 1, uniform: [], varying: [node] };
  const [a, b] = [factorsOf(node.left, isUniform), factorsOf(node.right, isUniform)];
  return {
    number: Math.fround(a.number * b.number),
    uniform: [...a.uniform, ...b.uniform],
    varying: [...a.varying, ...b.varying],
  };
}

/** A product with its uniform factors first, or a value that is none as it is. */
export function gathered(node: Expression, isUniform: IsUniform): Expression {
  const { number, uniform, varying } = factorsOf(node, isUniform);
  if (varying.length === 0 || varying[0] === node) return node;
  return mul(product([...uniform, constant(number)]), product(varying));
}

const product = (factors: readonly Expression[]): Expression => factors.reduce(mul);

/** A value and whether it is the negative of what its operand says. */
export function withoutMinus(node: Expression, isUniform: IsUniform): Expression | null {
  return factorsOf(node, isUniform).number < 0 ? gathered(neg(node), isUniform) : null;
}

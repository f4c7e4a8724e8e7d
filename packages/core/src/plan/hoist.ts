/**
 * Factors that are constant over a sum's extent, taken out of it: Σ k·t = k·Σt. In a gradient most of the chain rule
 * behind a statistic is such a factor, so it is computed once per group and not once per element.
 */
import { applyBinary } from '../expression/arithmetic.ts';
import { div, neg } from '../expression/build.ts';
import { type Expression, intern, type Node, type Predicate } from '../expression/node.ts';
import { mapOperands } from '../expression/rewrite.ts';
import { extentAxes, type Layout } from '../graph/geometry.ts';
import { variationIn } from '../graph/variation.ts';

/** The same roots with every sum's constant factors outside of it. */
export function hoistFactors(roots: readonly Expression[], layout: Layout): Expression[] {
  const variation = variationIn(layout);
  const rewritten = new Map<Node, Node>();
  return roots.map((root) => rewrite(root));

  function rewrite<T extends Expression | Predicate>(node: T): T {
    let result = rewritten.get(node);
    if (!result) {
      const inner = mapOperands(node, rewrite);
      result = inner.kind === 'statistic' && inner.name === 'sum' ? hoist(inner) : inner;
      rewritten.set(node, result);
    }
    return result as T; // an expression maps to an expression, a predicate to a predicate
  }

  function hoist(node: Extract<Expression, { kind: 'statistic' }>): Expression {
    const { id: _, ...sum } = node;
    const { operand, extent } = sum;
    const spanned = extentAxes(extent, layout);
    const isConstant = (factor: Expression): boolean => spanned.every((axis) => !variation(factor).has(axis));
    const sumOf = (inner: Expression): Expression => rewrite<Expression>(intern({ ...sum, operand: inner }));
    if (operand.kind === 'unary' && operand.name === 'negate') return neg(sumOf(operand.operand));
    if (operand.kind !== 'binary') return node;
    const { name, operation, left, right } = operand;
    if (name === 'divide') return isConstant(right) ? div(sumOf(left), right) : node;
    if (name !== 'multiply' && name !== 'vanishingProduct') return node;
    if (isConstant(right) && !isConstant(left)) return applyBinary(operation, sumOf(left), right);
    if (isConstant(left) && !isConstant(right)) return applyBinary(operation, left, sumOf(right));
    return node;
  }
}

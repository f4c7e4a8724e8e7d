/**
 * Comparisons whose operands are computed: within the rounding of these operands, either outcome is right.
 *
 * x ≤ 3 compares what the subject was given and has one right outcome. β·x < 1 does not: where the exact product lies
 * within rounding of 1, a subject may find either, and the derivative may jump there.
 */
import { abs, add, mul, sub } from '../../expression/build.ts';
import { type Expression, type Predicate, topologicalOrder } from '../../expression/node.ts';
import type { Bounds } from './bounds.ts';
import { isExact } from './magnitude.ts';
import { elementwiseOrder } from './schedule.ts';

export interface Ambiguity {
  readonly predicate: Predicate;
  /** How far apart the operands are. */
  readonly gap: Expression;
  /** How far they may be moved by rounding, in units of u. */
  readonly reach: Expression;
  /** How far they may be moved by flushing subnormals, in units of 2^-126. */
  readonly flushed: Expression;
}

export function ambiguitiesOf(roots: readonly Expression[], bounds: Bounds): Ambiguity[] {
  return topologicalOrder(roots).flatMap((node) => {
    if (node.kind !== 'comparison' || (isExact(node.left) && isExact(node.right))) return [];
    return [
      {
        predicate: node,
        gap: abs(sub(node.left, node.right)),
        reach: add(reachOf(node.left), reachOf(node.right)),
        flushed: add(flushedOf(node.left), flushedOf(node.right)),
      },
    ];
  });

  function flushedOf(operand: Expression): Expression | number {
    return isExact(operand) ? 0 : bounds.flushedOf(operand);
  }

  function reachOf(operand: Expression): Expression | number {
    if (isExact(operand)) return 0;
    const { a, b, k } = bounds.inheritedBy(operand);
    const own = mul(operationsOf(operand), bounds.magnitudeOf(operand));
    return add(own, add(mul(5, a), add(mul(2, b), k)));
  }
}

/** Rounding steps of an expression; a library function counts for the 4 that it may cost. */
function operationsOf(operand: Expression): number {
  const costs = { binary: 1, unary: 4 } as Readonly<Record<string, number>>;
  return elementwiseOrder([operand]).reduce((total, node) => total + (costs[node.kind] ?? 0), 0);
}

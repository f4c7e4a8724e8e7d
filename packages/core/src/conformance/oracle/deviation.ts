/**
 * The one difference that has a better form than itself: t - mean(t).
 *
 * Its stable form is (t - p) - mean(t - p) with a pivot p of the group, whose error is relative to the spread of the
 * group and not to t. A tolerance made of |t| + |mean| would let the raw difference pass on 1e4 ± 1e-2, where all its
 * digits are lost.
 */
import { abs, maximum, sub } from '../../expression/build.ts';
import { type Expression, type Extent, intern } from '../../expression/node.ts';

/**
 * How a kernel ought to take such differences. In float64 they may be taken as they stand: the data has 24 significant
 * bits, and the mean of n of them rounds 29 bits further down.
 */
export type DeviationForm = 'pivoted' | 'plain';

export interface Deviation {
  /** The difference itself. */
  readonly node: Expression;
  readonly operand: Expression;
  readonly mean: Expression;
  readonly extent: Extent;
}

export function deviationOf(node: Expression, form: DeviationForm): Deviation | null {
  if (form === 'plain' || node.kind !== 'binary' || node.name !== 'subtract') return null;
  const { left, right } = node;
  if (right.kind !== 'statistic' || right.name !== 'mean' || right.operand !== left) return null;
  return { node, operand: left, mean: right, extent: right.extent };
}

/** |t - mean(t)|. */
export const distance = (operand: Expression, mean: Expression): Expression => abs(sub(operand, mean));

/**
 * The greatest |t - mean(t)| of the group: how far the pivot, which may be any element, can lie from the mean.
 * `maxima` learns what the node stands for.
 */
export function greatestDistance(
  operand: Expression,
  mean: Expression,
  extent: Extent,
  maxima: Map<Expression, Expression>,
): Expression {
  const node: Expression = intern({ kind: 'state', name: `greatest distance of node ${operand.id}`, extent });
  // an infinite element makes the statistic infinite, and asks for no accuracy
  maxima.set(node, maximum(0, distance(operand, mean)));
  return node;
}

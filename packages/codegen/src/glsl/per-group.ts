/**
 * Values that are the same for all elements of a group, and cost a function or a division: computed once per group by a
 * program of their own, where a fragment program would compute them for each element.
 */
import { type Grouping, type Layout, type Node, operands } from '@isoact/core';
import { groupingOf, isStatistic, type Variation, variationIn } from '@isoact/core/plan';

/** Fewer elements than this share a value that is cheaper computed for each. */
const leastShared = 16;

/** The groups that have one value of a node each, where it is worth a program; null where it is not. */
export function createPerGroup(layout: Layout): (node: Node) => Grouping | null {
  const variation: Variation = variationIn(layout);
  return (node) => {
    if (node.kind !== 'unary' && node.kind !== 'binary' && node.kind !== 'select') return null;
    const varying = variation(node);
    const grouping = groupingOf(
      layout.shape,
      layout.shape.flatMap((_, axis) => (varying.has(axis) ? [] : [axis])),
    );
    return grouping.size >= leastShared && isCostly(node) ? grouping : null;
  };
}

/** Whether a function or a division is among what leads to a value, statistics left out. */
function isCostly(node: Node): boolean {
  if (isStatistic(node)) return false;
  const isCheap =
    node.kind === 'unary'
      ? node.name === 'negate' || node.name === 'absolute' || node.name === 'detach'
      : node.kind !== 'binary' || node.name !== 'divide';
  return !isCheap || operands(node).some(isCostly);
}

/**
 * Sums without the factors that are the same for all elements of a group: those multiply the group's sum. Sums whose
 * elements then differ no more are taken once, such as the two of a parameter's gradient and of a statistic's.
 */
import { type Expression, type Gather, type Node, topologicalOrder } from '@isoact/core';
import { constant, mul, vanishingProduct } from '@isoact/core/expression';
import { boundsOf, type Facts, type Interval } from '../expression/range.ts';

export interface Reduced {
  readonly gather: Gather;
  /** What multiplies the sum of the gather's operand. */
  readonly factor: Expression;
}

interface Shared {
  readonly levels: readonly (readonly Reduced[])[];
  /** Gathers over several groups that are taken element by element, and those that are sums of groups' sums. */
  readonly across: readonly Gather[];
  readonly ofGroups: readonly Reduced[];
}

/** How to take the gathers of a pass over held groups, from what varies within a group. */
export function shareSums(
  levels: readonly (readonly Gather[])[],
  gathers: readonly Gather[],
  varies: (node: Node) => boolean,
): Shared {
  const reducedLevels = levels.map((level) => level.map((gather) => reduced(gather, varies)));
  const sums = reducedLevels.flat().filter(({ gather }) => gather.kind === 'sum');
  const taken = new Set(sums.map(({ gather }) => gather.operand));
  const isTaken = ({ gather }: Reduced): boolean => gather.grouping.groups === 1 && taken.has(gather.operand);
  const all = gathers.map((gather) => ({ gather, reduced: reduced(gather, varies) }));
  return {
    levels: reducedLevels,
    across: all.filter((each) => !isTaken(each.reduced)).map(({ gather }) => gather),
    ofGroups: all.map((each) => each.reduced).filter(isTaken),
  };
}

/** A sum without its constant factors; what is no sum stays as it is. */
function reduced(gather: Gather, varies: (node: Node) => boolean): Reduced {
  if (gather.kind !== 'sum') return { gather, factor: one };
  const { rest, factor } = parted(gather.operand as Expression); // of a sum
  return rest ? { gather: { ...gather, operand: rest }, factor } : { gather, factor: one };

  function parted(node: Expression): { readonly rest: Expression | null; readonly factor: Expression } {
    if (!varies(node) && isBounded(node)) return { rest: null, factor: node };
    if (node.kind !== 'binary' || (node.name !== 'multiply' && node.name !== 'vanishingProduct'))
      return { rest: node, factor: one };
    const [a, b] = [parted(node.left), parted(node.right)];
    const rest =
      a.rest && b.rest ? (node.name === 'multiply' ? mul : vanishingProduct)(a.rest, b.rest) : (a.rest ?? b.rest);
    return { rest, factor: mul(a.factor, b.factor) };
  }
}

const one = constant(1);

const anyNumber: Interval = [-(2 ** 128), 2 ** 128];

/** Whether a value is finite whatever the elements are: an infinite factor of sums of either sign makes NaN of each. */
function isBounded(node: Expression): boolean {
  const numbers = topologicalOrder([node]).filter(({ kind }) => kind === 'parameter' || kind === 'size');
  const facts: Facts = new Map(numbers.map((each) => [each, anyNumber]));
  return boundsOf(node, facts).every(Number.isFinite);
}

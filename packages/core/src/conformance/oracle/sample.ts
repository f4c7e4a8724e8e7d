/** A part of the elements that can be judged without computing the rest: whole groups of every statistic. */

import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { type Extent, topologicalOrder } from '../../expression/node.ts';
import { elementCount, type Layout } from '../../graph/geometry.ts';
import { elementOf } from '../../graph/grouping.ts';
import type { ExpectedOutput } from './expected.ts';
import { groupsOfExtent } from './groups.ts';
import { type Arithmetic, type CallNumbers, type Direction, prepareOutputs, type Selection } from './oracle.ts';

interface Sample {
  /** Elements to judge, ascending. */
  readonly at: Uint32Array;
  /** Elements that their statistics need; undefined where that is all of them. */
  readonly over: Uint32Array | undefined;
}

/**
 * About `count` elements: the first, the last and some between. `pick` gives integers below a bound.
 */
function sampleElements(
  activation: Activation,
  direction: Direction,
  layout: Layout,
  count: number,
  pick: (bound: number) => number,
): Sample {
  const length = elementCount(layout.shape);
  if (length <= count) return { at: Uint32Array.from({ length }, (_, index) => index), over: undefined };

  const roots = direction === 'forward' ? activation.forward.y : [activation.vjp.x];
  const extents = new Map<string, Extent>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'statistic' || node.kind === 'count') extents.set(JSON.stringify(node.extent), node.extent);
  }
  const ends = count >> 2;
  const scattered = new Set<number>();
  for (let index = 0; index < ends; index++) scattered.add(index).add(length - 1 - index);
  while (scattered.size < count) scattered.add(pick(length));

  const [only] = extents.values();
  if (extents.size === 0) return { at: ascending(scattered), over: ascending(scattered) };
  const groups = only && groupsOfExtent(only, layout);
  if (extents.size > 1 || !groups || groups.count === 1) return { at: ascending(scattered), over: undefined };

  // whole groups: the first, the last and some between
  const chosen = new Set([0, groups.count - 1]);
  const wanted = Math.min(groups.count, Math.max(2, Math.ceil(count / groups.size)));
  while (chosen.size < wanted) chosen.add(pick(groups.count));
  const over = new Set<number>();
  for (const group of chosen) for (let k = 0; k < groups.size; k++) over.add(elementOf(group, k, groups.grouping));
  const every = ascending(over);
  if (every.length <= 2 * count) return { at: every, over: every };
  const at = new Set([...every.subarray(0, ends), ...every.subarray(every.length - ends)]);
  while (at.size < count) at.add(every[pick(every.length)] as number);
  return { at: ascending(at), over: every };
}

const ascending = (elements: Iterable<number>): Uint32Array => Uint32Array.from(elements).sort();

/** Elements from which the tolerance of sums is estimated. */
const boundSample = 4096;

/**
 * The outputs of a call whose tensor is too large to judge every element: fields at a sample, everything that is a sum
 * exactly, and its tolerance estimated.
 */
export function prepareSampled(
  activation: Activation,
  direction: Direction,
  spec: TensorSpec,
  numbers: CallNumbers,
  options: Selection,
  { count, pick }: { readonly count: number; readonly pick: (bound: number) => number },
): (arithmetic: Arithmetic) => ExpectedOutput[] {
  const length = elementCount(spec.shape);
  const { at, over } = sampleElements(activation, direction, spec, count, pick);
  const boundsFrom = length > boundSample ? Uint32Array.from({ length: boundSample }, () => pick(length)) : undefined;
  const wanted = options.only ?? (() => true);
  const fields = prepareOutputs(activation, direction, spec, numbers, {
    ...options,
    at,
    over,
    boundsFrom: over ? undefined : boundsFrom,
    only: (kind) => kind === 'field' && wanted(kind),
  });
  const sums = prepareOutputs(activation, direction, spec, numbers, {
    ...options,
    boundsFrom,
    only: (kind) => kind !== 'field' && wanted(kind),
  });
  return (arithmetic) => [...fields(arithmetic), ...sums(arithmetic)];
}

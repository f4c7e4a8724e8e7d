/**
 * The points of all groups in a few calls, for quick runs: each case judges its own elements. Only where a point cannot
 * spoil others: elements share nothing, or a statistic of their own row.
 */

import { elementCount } from '../../graph/geometry.ts';
import type { CaseContext, Probe, SharedCall } from '../case.ts';
import { createRandom } from '../random.ts';
import { callData, extentsOf, isRowwise } from './arrange.ts';
import { varyNaNs } from './nan-payloads.ts';
import { arrangeFor, oneGroup } from './quick.ts';

export interface PointList {
  /** Unique among the lists of a context. */
  readonly name: string;
  readonly values: readonly number[];
}

interface Placed {
  readonly call: SharedCall;
  readonly elements: Uint32Array;
}

const known = new WeakMap<CaseContext, ReadonlyMap<string, readonly Placed[]>>();

export const canShare = ({ activation, quick }: CaseContext): boolean => quick && isRowwise(activation);

/** Judges the points of one of the lists; all of them must be given each time. */
export async function checkShared(
  probe: Probe,
  context: CaseContext,
  name: string,
  lists: () => readonly PointList[],
): Promise<void> {
  let places = known.get(context);
  if (!places) {
    places = place(context, lists());
    known.set(context, places);
  }
  for (const { call, elements } of places.get(name) ?? []) await probe.callShared(call, elements);
}

function place(context: CaseContext, lists: readonly PointList[]): ReadonlyMap<string, readonly Placed[]> {
  const { activation, direction, format, seed, name } = context;
  const perPoint = extentsOf(activation).length === 0 ? 1 : elementCount(oneGroup);
  const points = lists.flatMap(({ values }) => values);
  // the same data whichever of the groups are asked for
  const random = createRandom(seed, `shared points of ${name} ${direction} ${format.dtype}`);
  const calls = arrangeFor(context, points, false).map(({ spec, x }): SharedCall & { readonly length: number } => {
    const data = callData({ format, random }, direction, activation, spec, x);
    varyNaNs(data.x);
    return { direction, activation, spec, data, length: x.length };
  });
  const length = calls[0]?.length ?? 0;
  let next = 0;
  return new Map(
    lists.map((list): [string, Placed[]] => {
      const [start, end] = [next * perPoint, (next + list.values.length) * perPoint];
      next += list.values.length;
      const own = calls.flatMap((call, k): Placed[] => {
        const [first, last] = [Math.max(start - k * length, 0), Math.min(end - k * length, length)];
        if (first >= last) return [];
        return [{ call, elements: Uint32Array.from({ length: last - first }, (_, index) => first + index) }];
      });
      return [list.name, own];
    }),
  );
}

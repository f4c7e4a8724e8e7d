/** Which group each element belongs to, computed once per extent and layout. */
import type { Extent } from '../../expression/node.ts';
import { elementCount, extentAxes, type Layout } from '../../graph/geometry.ts';
import { type Grouping, groupingOf, groupOf } from '../../graph/grouping.ts';

export interface Groups {
  readonly count: number;
  /** Elements per group. */
  readonly size: number;
  readonly of: (index: number) => number;
  readonly grouping: Grouping;
}

export function groupsOfAxes(spanned: readonly number[], layout: Layout): Groups {
  const grouping = groupingOf(layout.shape, spanned);
  const { groups: count, size, dimensions } = grouping;
  return { count, size, grouping, of: indexing() };

  function indexing(): (index: number) => number {
    if (count === 1) return () => 0;
    const [outer, inner] = dimensions;
    if (dimensions.length === 1) return (index) => index;
    if (dimensions.length === 2 && outer && inner) {
      return inner.groupStride === 0 ? (index) => Math.floor(index / size) : (index) => index % count;
    }
    const table = Uint32Array.from({ length: elementCount(layout.shape) }, (_, index) => groupOf(index, grouping));
    return (index) => table[index] as number;
  }
}

export const groupsOfExtent = (extent: Extent, layout: Layout): Groups =>
  groupsOfAxes(extentAxes(extent, layout), layout);

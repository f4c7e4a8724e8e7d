/** How a kernel walks the groups of a tensor: neighbouring axes of one kind as one dimension. */
import type { Shape } from './geometry.ts';

/**
 * How the tensor falls into groups when some axes are kept and the others are spanned: neighbouring axes of one kind
 * are merged, so that an index needs as few divisions as the layout allows.
 */
export interface Grouping {
  readonly groups: number;
  /** Elements per group. */
  readonly size: number;
  /** Merged axes, outermost first; `groupStride` is 0 for those inside a group, `elementStride` 0 for the kept ones. */
  readonly dimensions: readonly MergedDimension[];
}

export interface MergedDimension {
  readonly length: number;
  /** Distance in the tensor between neighbours along this dimension. */
  readonly stride: number;
  /** Distance between groups, or 0 for a dimension inside a group. */
  readonly groupStride: number;
  /** Distance within a group's own order, or 0 for a kept dimension. */
  readonly elementStride: number;
}

/** The grouping of a shape whose `spanned` axes lie inside a group. */
export function groupingOf(shape: Shape, spanned: readonly number[]): Grouping {
  let [stride, groups, size] = [1, 1, 1];
  const dimensions: { -readonly [K in keyof MergedDimension]: MergedDimension[K] }[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    if (length === 1) continue;
    const inside = spanned.includes(axis);
    const [outer] = dimensions;
    if (outer && (outer.groupStride === 0) === inside) outer.length *= length;
    else dimensions.unshift({ length, stride, groupStride: inside ? 0 : groups, elementStride: inside ? size : 0 });
    stride *= length;
    if (inside) size *= length;
    else groups *= length;
  }
  return { groups, size, dimensions };
}

/** The group of the element at a flat index. */
export function groupOf(index: number, { dimensions }: Grouping): number {
  let group = 0;
  for (const { length, stride, groupStride } of dimensions) {
    if (groupStride) group += (Math.floor(index / stride) % length) * groupStride;
  }
  return group;
}

/** The flat index of the k-th element of a group. */
export function elementOf(group: number, k: number, { dimensions }: Grouping): number {
  let index = 0;
  for (const { length, stride, groupStride, elementStride } of dimensions) {
    const position = groupStride ? Math.floor(group / groupStride) : Math.floor(k / elementStride);
    index += (position % length) * stride;
  }
  return index;
}

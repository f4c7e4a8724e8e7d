/** Where the elements of a tensor lie: which axes an extent spans, and which group an element belongs to. */
import { mustBe, ShapeError } from '../errors.ts';
import type { Extent } from '../expression/node.ts';

export type Shape = readonly number[];

/** What the elements of a tensor look like, and the shapes of the parameters that broadcast against it. */
export interface Layout {
  readonly shape: Shape;
  readonly channelAxis?: number | undefined;
  readonly parameterShapes?: Readonly<Record<string, Shape>> | undefined;
}

export const elementCount = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

/** The axes, ascending, that are summed over when a statistic of this extent is taken. */
export function extentAxes(extent: Extent, layout: Layout): readonly number[] {
  const rank = layout.shape.length;
  const axesWhere = (spans: (axis: number) => boolean): number[] => [...layout.shape.keys()].filter(spans);
  if (extent === 'tensor') return axesWhere(() => true);
  if (extent === 'sample') return axesWhere((axis) => axis > 0);
  if (extent === 'row') return axesWhere((axis) => axis === rank - 1);
  if (extent === 'channel') {
    const channel = normalizeAxis(layout.channelAxis, rank, 'channelAxis');
    return axesWhere((axis) => axis !== channel);
  }
  if ('broadcastOf' in extent) {
    const kept = parameterAxes(extent.broadcastOf, layout);
    return axesWhere((axis) => !kept.includes(axis));
  }
  const axes = extent.map((axis) => normalizeAxis(axis, rank, 'an axis of the extent'));
  return axesWhere((axis) => axes.includes(axis));
}

/** The axes along which a parameter has values of its own. */
export function parameterAxes(name: string, layout: Layout): readonly number[] {
  const own = parameterShape(name, layout);
  const offset = layout.shape.length - own.length;
  return own.flatMap((length, axis) => (length === 1 ? [] : [axis + offset]));
}

/** A parameter's shape: a scalar unless the layout says otherwise. */
export const parameterShape = (name: string, layout: Layout): Shape => layout.parameterShapes?.[name] ?? [];

/** Checks that a parameter's shape broadcasts against the tensor as in NumPy. */
export function checkParameterShape(name: string, layout: Layout): void {
  const own = parameterShape(name, layout);
  const offset = layout.shape.length - own.length;
  if (offset < 0 || own.some((length, axis) => length !== 1 && length !== layout.shape[axis + offset])) {
    throw new ShapeError(
      mustBe(
        `the shape of parameter ${JSON.stringify(name)}`,
        `one that broadcasts against [${layout.shape.join(', ')}]`,
        own,
        'Align it with the last axes, with 1 where one value serves all.',
      ),
    );
  }
}

/** The axis counted from the first one. */
export function normalizeAxis(axis: number | undefined, rank: number, subject: string): number {
  if (axis === undefined || !Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(mustBe(subject, `given, an integer from ${-rank} to ${rank - 1}`, axis));
  }
  return axis < 0 ? axis + rank : axis;
}

export function checkShape(shape: Shape): void {
  if (!Array.isArray(shape)) throw new ShapeError(mustBe('shape', 'an array of lengths', shape));
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0) {
      throw new ShapeError(mustBe('every length of a shape', 'a non-negative integer', length));
    }
  }
  if (elementCount(shape) > Number.MAX_SAFE_INTEGER) {
    throw new ShapeError(mustBe('the number of elements', `at most ${Number.MAX_SAFE_INTEGER}`, elementCount(shape)));
  }
}

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

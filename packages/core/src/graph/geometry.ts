/** Where the elements of a tensor lie: which axes an extent spans, and which group an element belongs to. */
import { refuse, ShapeError } from '../errors.ts';
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
  const axes = [...layout.shape.keys()];
  const allBut = (kept: readonly number[]): readonly number[] => axes.filter((axis) => !kept.includes(axis));
  const named = (axis: number | undefined, subject: string): number => normalizeAxis(axis, axes.length, subject);
  if (extent === 'tensor') return axes;
  if (extent === 'sample') return axes.slice(1);
  if (extent === 'row') return axes.slice(-1);
  if (extent === 'channel') return allBut([named(layout.channelAxis, 'channelAxis')]);
  if ('broadcastOf' in extent) return allBut(parameterAxes(extent.broadcastOf, layout));
  const spanned = extent.map((axis) => named(axis, 'an axis of the extent'));
  return axes.filter((axis) => spanned.includes(axis));
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
    refuse(
      ShapeError,
      `the shape of parameter "${name}"`,
      `one that broadcasts against [${layout.shape.join(', ')}]`,
      own,
      'Align it with the last axes, with 1 where one value serves all.',
    );
  }
}

/** The axis counted from the first one. */
export function normalizeAxis(axis: number | undefined, rank: number, subject: string): number {
  if (axis === undefined || !Number.isInteger(axis) || axis < -rank || axis >= rank) {
    refuse(ShapeError, subject, `given, an integer from ${-rank} to ${rank - 1}`, axis);
  }
  return axis < 0 ? axis + rank : axis;
}

/** The shape of what has one number per group: that of the tensor, of length 1 along the axes that a group spans. */
export function groupShape(extent: Extent, layout: Layout): Shape {
  const spanned = extentAxes(extent, layout);
  return layout.shape.map((length, axis) => (spanned.includes(axis) ? 1 : length));
}

export function checkShape(shape: Shape): void {
  const isLength = (length: number): boolean => Number.isInteger(length) && length >= 0;
  if (Array.isArray(shape) && shape.every(isLength) && elementCount(shape) < 2 ** 53) return;
  refuse(ShapeError, 'shape', 'non-negative integers with a product below 2^53', shape);
}

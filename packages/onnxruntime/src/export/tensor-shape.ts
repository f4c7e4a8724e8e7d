/**
 * The shape of x as a graph knows it: lengths, names of lengths that are known only when the model runs, or nothing but
 * that it has axes. A shape of any rank is treated as one with a few last axes of their own, and a first that stands for
 * all others.
 */
import { type Extent, type Layout, mustBe, partsAxis, ShapeError } from '@isoact/core';
import type { Dimension } from '../onnx/messages.ts';

export interface TensorShape {
  /** Undefined where even the rank is unknown. */
  readonly lengths: readonly Dimension[] | undefined;
  readonly layout: Layout;
}

/** Last axes that an extent or a parameter may name in a shape of any rank. */
const namedAxes = 6;

export function tensorShape(
  lengths: readonly Dimension[] | undefined,
  more: Pick<Layout, 'channelAxis' | 'parameterShapes'>,
): TensorShape {
  const known = lengths ?? new Array<string>(1 + namedAxes).fill('');
  // an unknown length stands for one that is not 1
  const shape = known.map((length) => (typeof length === 'number' ? length : 2));
  return { lengths, layout: { shape, ...more } };
}

/**
 * The axis of the channels, counted from the last one, along which the parts of an output lie.
 * @throws ShapeError where it cannot be told.
 */
export function partsAxisOf(parts: number, { lengths, layout }: TensorShape): number | undefined {
  if (parts > 1 && !lengths && (layout.channelAxis ?? -1) >= 0) {
    const subject = `the channel axis of an output of ${parts} parts in a shape of any rank`;
    throw new ShapeError(mustBe(subject, 'counted from the last one', layout.channelAxis, 'Name it -1, say.'));
  }
  const axis = partsAxis(parts, layout);
  return axis === undefined ? undefined : axis - layout.shape.length;
}

/** The lengths of an output of several parts. */
export function partedLengths(parts: number, shape: TensorShape): readonly Dimension[] | undefined {
  const axis = partsAxisOf(parts, shape);
  const { lengths } = shape;
  return lengths?.map((length, each) => {
    if (axis === undefined || each !== lengths.length + axis) return length;
    return typeof length === 'number' ? parts * length : `${parts}*${length}`;
  });
}

/** The lengths with 1 in place of all but the kept axes. */
export const keptLengths = ({ lengths }: TensorShape, kept: ReadonlySet<number>): readonly Dimension[] | undefined =>
  lengths?.map((length, axis) => (kept.has(axis) ? length : 1));

/** @throws ShapeError where an extent cannot be had without the rank. */
export function checkExtent(extent: Extent, { lengths }: TensorShape): void {
  const fromTheEnd = typeof extent === 'object' && !('broadcastOf' in extent) && extent.every((axis) => axis < 0);
  const free =
    extent === 'tensor' || extent === 'row' || fromTheEnd || (typeof extent === 'object' && 'broadcastOf' in extent);
  if (lengths || free) return;
  throw new ShapeError(
    mustBe(
      'shape',
      `given for a statistic over ${JSON.stringify(extent)}`,
      undefined,
      'Name the axes from the last one.',
    ),
  );
}

/**
 * Where the parts of y lie. Each is as large as x; together they are one tensor, one part after another along the
 * channel axis. What all axes from the channel axis inwards hold is a *block*: y is the first block of every part, then
 * the second block of every part, and so on. An upstream gradient lies likewise.
 */
import { elementCount, type Layout, normalizeAxis, type Shape } from './geometry.ts';

export interface Placement {
  readonly parts: number;
  /** Elements of one block of one part. */
  readonly block: number;
}

/** The axis along which parts lie beside each other; undefined where there is one part only. */
export const partsAxis = (parts: number, { shape, channelAxis }: Layout): number | undefined =>
  parts === 1 ? undefined : normalizeAxis(channelAxis, shape.length, 'channelAxis');

export function placementOf(parts: number, layout: Layout): Placement {
  return { parts, block: elementCount(layout.shape.slice(partsAxis(parts, layout) ?? 0)) };
}

/** The shape of all parts together. */
export function partedShape(parts: number, layout: Layout): Shape {
  const axis = partsAxis(parts, layout);
  return layout.shape.map((length, each) => (each === axis ? parts * length : length));
}

/** Where the element of a part stands that is at `index` in x. */
export const placeInParts = (index: number, part: number, { parts, block }: Placement): number =>
  parts === 1 ? index : index + (Math.floor(index / block) * (parts - 1) + part) * block;

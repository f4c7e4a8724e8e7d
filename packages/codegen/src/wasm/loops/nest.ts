/**
 * The loops over a tensor: its axes merged as far as nothing that the loops touch tells them apart. In the innermost
 * loop an array then either holds one value or lies side by side, which is what vectors need.
 */
import type { Shape } from '@isoact/core';

/** Neighbouring axes that one loop runs through. */
export interface Dimension {
  readonly axes: readonly number[];
}

/** The loop over one element. */
export const single: Dimension = { axes: [] };

/** The loops over the given axes, outermost first, for arrays that vary along these sets of axes. */
export function dimensionsOf(
  shape: Shape,
  axes: readonly number[],
  variations: readonly ReadonlySet<number>[],
): Dimension[] {
  const dimensions: { axes: number[]; signature: string }[] = [];
  for (const axis of axes) {
    if (shape[axis] === 1) continue;
    const signature = variations.map((each) => Number(each.has(axis))).join('');
    const last = dimensions.at(-1);
    if (last?.signature === signature) last.axes.push(axis);
    else dimensions.push({ axes: [axis], signature });
  }
  return dimensions.length > 0 ? dimensions : [single];
}

/** Whether an array that varies along these axes varies along a dimension; all do along the one that stands for none. */
export const variesAlong = (variation: ReadonlySet<number>, { axes }: Dimension): boolean =>
  axes.some((axis) => variation.has(axis));

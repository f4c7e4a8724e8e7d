/**
 * What a quick run asks, in a few seconds for each backend. Compiling for one more shape costs most backends more than
 * a dozen calls, and a call more than some hundred values in it, so:
 *
 * - all groups share one table, whose rows and whose length fill no vector, workgroup or block; where another shape is
 *   needed, it has the same rank and an odd length too, so that backends with a program for each of these make no new one;
 * - the points of all groups share calls, and each case judges its own elements of them (`shared-points.ts`);
 * - what depends on the backend rather than on the activation (other shapes, the sizes of upstream gradients) or comes
 *   in many settings (the data sets of statistics, the shapes of parameters) goes by turns: each activation, direction
 *   and data type is asked some, and all of them together everything. Tests prove that nothing is left out, and that
 *   every mutant is still caught by its group.
 */
import type { TensorSpec } from '../../adapter.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import type { CaseContext } from '../case.ts';
import type { Format } from '../formats.ts';
import { type Arranged, arrange, extentsOf, groupAround, isRowwise } from './arrange.ts';

export const table = [5, 67] as const satisfies Shape;
export const tableLength: number = elementCount(table);

export const tableSpec = ({ dtype }: Format): TensorSpec & { readonly channelAxis: number } => ({
  shape: table,
  dtype,
  channelAxis: 1,
});

/** Groups of five, one for each point, as many as one call takes; and one group alone. */
const rows = [67, 5] as const satisfies Shape;
export const oneGroup = [1, 5] as const satisfies Shape;

/** `arrange`, with as few shapes and calls as it takes. */
export function arrangeFor(context: CaseContext, points: readonly number[], isolated: boolean): Arranged[] {
  const { activation, format, quick } = context;
  if (!quick) return arrange(activation, format, points, isolated);
  if (extentsOf(activation).length === 0) return inParts(points, tableSpec(format));
  const groups = points.map((point, place) => [...groupAround(point, place >> 1, place), place % 2 ? -0.75 : 0.75]);
  if (isRowwise(activation)) return inParts(groups.flat(), { ...tableSpec(format), shape: rows });
  if (isolated) return groups.flatMap((group) => inParts(group, { ...tableSpec(format), shape: oneGroup }));
  return inParts(groups.flat(), tableSpec(format));
}

/** Tensors of one shape that hold all of the numbers, and as many again as fill the last. */
function inParts(values: readonly number[], spec: TensorSpec): Arranged[] {
  const length = elementCount(spec.shape);
  return Array.from({ length: Math.ceil(values.length / length) }, (_, part) => ({
    spec,
    x: Float64Array.from({ length }, (__, index) => values[(part * length + index) % values.length] as number),
  }));
}

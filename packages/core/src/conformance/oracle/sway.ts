/** How far a sum moves where its terms may each go either way. */
import type { Expression } from '../../expression/node.ts';
import type { Layout } from '../../graph/geometry.ts';
import type { Evaluation } from './evaluation.ts';
import { groupsOfExtent } from './groups.ts';

/** The least and the greatest of the sums that mix the terms of two evaluations, by group. */
export interface Sway {
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

/**
 * With term tᵢ in one evaluation and tᵢ + δᵢ in the other, any choice of terms sums to a number between
 * Σtᵢ + Σmin(δᵢ, 0) and Σtᵢ + Σmax(δᵢ, 0). These are further apart than the two sums where δᵢ have different signs: a
 * device that takes subnormals for 0 flips the comparisons of positive ones and leaves those of negative ones alone.
 */
export function swayOf(
  sum: Extract<Expression, { kind: 'statistic' }>,
  layout: Layout,
  elements: Uint32Array | undefined,
  one: Evaluation,
  other: Evaluation,
): Sway {
  const groups = groupsOfExtent(sum.extent, layout);
  const totals = one.statistics.get(sum) as Float64Array;
  const [least, greatest] = [totals.slice(), totals.slice()];
  const [terms] = one.at([sum.operand], elements);
  const [others] = other.at([sum.operand], elements);
  (terms as Float64Array).forEach((term, place) => {
    const group = groups.of(elements?.[place] ?? place);
    const difference = ((others as Float64Array)[place] as number) - term;
    const bounds = difference < 0 ? least : greatest;
    bounds[group] = (bounds[group] as number) + difference;
  });
  return { least, greatest };
}

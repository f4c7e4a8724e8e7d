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
import { catalogue } from '../../activations/catalogue.ts';
import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { topologicalOrder } from '../../expression/node.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import { forwardRoots } from '../../graph/graph.ts';
import type { CaseContext, Variant } from '../case.ts';
import type { Format } from '../formats.ts';
import { createRandom } from '../random.ts';
import { type Arranged, arrange, extentsOf, groupAround, isRowwise } from './arrange.ts';

export const table = [5, 67] as const satisfies Shape;
export const tableLength: number = elementCount(table);

export const tableSpec = ({ dtype }: Format): TensorSpec & { readonly channelAxis: number } => ({
  shape: table,
  dtype,
  channelAxis: 1,
});

/** A number that counts up from each direction and activation of the catalogue to the next. */
export function turnOf({ seed, name, direction }: CaseContext, what: string): number {
  const place = Object.keys(catalogue).indexOf(name);
  const start = createRandom(seed, `turns of ${what}${place < 0 ? ` for ${name}` : ''}`).integer(2 ** 16);
  return start + 2 * Math.max(place, 0) + (direction === 'vjp' ? 1 : 0);
}

/** All items in a full run; in a quick one, the next few of them in each context, or one in each second or third. */
export function byTurns<T>(context: CaseContext, what: string, items: readonly T[], count: number): T[] {
  if (!context.quick || items.length <= count) return [...items];
  const turn = turnOf(context, what);
  const [first, end] = [Math.floor(count * turn), Math.floor(count * (turn + 1))];
  return Array.from({ length: end - first }, (_, k) => items[(first + k) % items.length] as T);
}

/** Data types but float32 store otherwise and compute alike: they are asked less of what is about computing. */
export const isFirstType = ({ format }: CaseContext): boolean => format.dtype === 'float32';

/** Whether this is the one direction of the activation whose turn it is; the next activation has the other. */
export function isItsTurn(context: CaseContext, what: string): boolean {
  const second = Number(context.direction === 'vjp');
  return (((turnOf(context, what) - second) >> 1) + second) % 2 === 0;
}

/** Whether anything is asked: in a quick run, of further data types one direction of each activation. */
export const asksDirection = (context: CaseContext): boolean =>
  !context.quick || isFirstType(context) || isItsTurn(context, 'directions');

/**
 * All settings in a full run. In a quick one, each kind of setting in one of the directions: one setting, by turns, of
 * those that gather the same statistics and read the same states and noise.
 */
export function settingsFor(context: CaseContext): Variant[] {
  const { variants, quick } = context;
  if (!quick) return [...variants];
  const kinds = new Map<string, Variant[]>();
  for (const variant of variants) {
    const kind = gatheredBy(variant.activation);
    kinds.set(kind, [...(kinds.get(kind) ?? []), variant]);
  }
  // the directions follow each other, so that each kind has one of them
  const first = turnOf(context, 'kinds');
  const chosen = [...kinds].flatMap(([kind, alike], place) =>
    kinds.size === 1 || (first + place) % 2 === 0 ? byTurns(context, `settings that gather ${kind}`, alike, 1) : [],
  );
  return isFirstType(context) ? chosen : chosen.slice(0, 1);
}

/** What an activation reads beside its own element. */
const gatheredBy = ({ forward }: Activation): string =>
  topologicalOrder(forwardRoots(forward))
    .flatMap((node) => {
      if (node.kind === 'statistic' || (node.kind === 'input' && node.name !== 'x')) return [node.name];
      return node.kind === 'count' || node.kind === 'state' ? [node.kind] : [];
    })
    .sort()
    .join();

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

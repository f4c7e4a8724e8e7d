/** Lengths, ranks and extents: every lane does its own work, and all of it. */

import type { Data, TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import type { Shape } from '../../graph/geometry.ts';
import { elementCount } from '../../graph/geometry.ts';
import { unitsOf } from '../bytes.ts';
import type { CallResult, CaseContext, CaseGroup, Probe } from '../case.ts';
import { splitParts } from '../parts.ts';
import { ask, channelsIn, extentsOf, needsChannels } from './arrange.ts';
import { table } from './quick.ts';
import { byTurns, byTypes, halfOf, isFirstType, isItsTurn, turnOf } from './turns.ts';

const lengths = [0, 1, 3, 4, 5, 63, 64, 65, 255, 257, 4099];
const ranks: readonly Shape[] = [
  [],
  [1],
  [7],
  [3, 5],
  [1, 9],
  [9, 1],
  [2, 3, 4],
  [4, 1, 5],
  [2, 3, 4, 5],
  [0, 3],
  [3, 0],
];

/** Channel axes for outputs of several parts: blocks of any length, among them those that fill vectors. */
const placed: readonly (readonly [Shape, number])[] = [
  [[2, 3, 4], 0],
  [[2, 3, 4], 1],
  [[2, 3, 4], -1],
  [[5, 2, 67], 1],
  [[33, 65], 0],
  [[7, 5], 1],
  [[3, 4, 2, 8], 1],
  [[1, 6, 5], 1],
  [[2, 8, 64, 8], 1],
  [[6, 1, 3], 1],
];

/** Rows of a length that fills no workgroup, and more rows than one. */
const tables: readonly Shape[] = [
  [3, 67],
  [65, 33],
  [5, 257],
  [2, 1025],
];
const quickShapes = (context: CaseContext): readonly Shape[] =>
  isFirstType(context) ? byTurns(context, 'shapes', [...ranks, ...lengths.map((length) => [length])], 1 / 2) : [];

const largeTable: Shape = [13, 79];
/** More elements than one workgroup takes, by turns; groups are looked at by the turns of shapes. */
const quickTables = (context: CaseContext): readonly Shape[] =>
  extentsOf(context.activation).length === 0 && isFirstType(context)
    ? [table, ...byTurns(context, 'tables', [largeTable], 1 / 3)]
    : [table];

/** In which other extents than the default are looked at. */
const extentShapes: readonly Shape[] = [
  [2, 3, 4],
  [3, 1, 5],
  [6, 70],
];

export const layout: CaseGroup = function* (context) {
  const { activation, quick } = context;
  const isFirst = isFirstType(context);
  const everyLaneOf = (label: string, shape: Shape, channelAxis?: number) => ({
    name: `${label}shape=[${shape.join()}]`,
    run: (probe: Probe) => everyLane(probe, context, activation, shape, channelAxis),
  });
  const ordinaryOf = (shape: Shape) => ({
    name: `shape=[${shape.join()}]`,
    run: (probe: Probe) => ordinary(probe, context, activation, shape),
  });
  if (quick) {
    for (const shape of quickShapes(context)) yield ordinaryOf(shape);
    for (const shape of quickTables(context)) yield everyLaneOf('', shape, 1);
  } else {
    for (const length of byTypes(context, 'lengths', lengths)) {
      yield { name: `length=${length}`, run: (probe) => everyLane(probe, context, activation, [length]) };
    }
    for (const shape of byTypes(context, 'shapes', ranks)) yield ordinaryOf(shape);
    for (const shape of byTypes(context, 'tables', tables)) yield everyLaneOf('', shape);
  }
  if (activation.forward.y.length > 1) {
    for (const [shape, channelAxis] of somePlaces(context, 'channels', placed, isFirst ? 5 : 1))
      yield everyLaneOf(`channels=${channelAxis} `, shape, channelAxis);
  }
  const extents = context.variants.filter(({ label }) => label.startsWith('extent='));
  const pairs = extentShapes.flatMap((shape) => extents.map((variant) => ({ ...variant, shape })));
  for (const { label, activation: variant, shape } of somePlaces(context, 'extents', pairs, isFirst ? 3 : 1)) {
    yield {
      name: `${label} shape=[${shape.join()}]`,
      run: async (probe) => ordinary(probe, context, variant, shape),
    };
  }
  if (!quick && asksForMany(context))
    yield { name: 'beyond 65535 workgroups', run: (probe) => manyWorkgroups(probe, context, 65_536 * 64 + 3) };
  if (context.huge)
    yield { name: 'beyond 65535 workgroups of 256', run: (probe) => manyWorkgroups(probe, context, 65_536 * 256 + 3) };
};

/** Some in a quick run; in a full one all of float32, and all of a further type in one of the directions. */
function somePlaces<T>(context: CaseContext, what: string, places: readonly T[], count: number): T[] {
  if (context.quick) return byTurns(context, what, places, count);
  return isFirstType(context) ? [...places] : halfOf(context, what, places);
}

const specOf = (activation: Activation, { format }: CaseContext, shape: Shape): TensorSpec => ({
  shape,
  dtype: format.dtype,
  ...channelsIn(activation, shape),
});

/** Whether the activation's extents exist in this shape at all: axis -2 of a vector does not. */
function fits(activation: Activation, shape: Shape): boolean {
  if (shape.length === 0 && needsChannels(activation)) return false;
  return extentsOf(activation).every((extent) => {
    return (
      typeof extent === 'string' ||
      'broadcastOf' in extent ||
      extent.every((axis) => axis < shape.length && axis >= -shape.length)
    );
  });
}

async function ordinary(probe: Probe, context: CaseContext, activation: Activation, shape: Shape): Promise<void> {
  if (!fits(activation, shape)) return;
  const { direction } = context;
  const x = Float64Array.from({ length: elementCount(shape) }, () => 2 * probe.random.normal());
  await ask(probe, direction, activation, specOf(activation, context, shape), x);
}

/** Ordinary data; the same number everywhere; and one NaN among ordinary data. */
async function everyLane(
  probe: Probe,
  context: CaseContext,
  activation: Activation,
  shape: Shape,
  channelAxis?: number,
): Promise<void> {
  if (!fits(activation, shape)) return;
  const { direction, format } = context;
  const length = elementCount(shape);
  const spec = { ...specOf(activation, context, shape), ...(channelAxis !== undefined && { channelAxis }) };
  // the elements beside a NaN are ordinary, too; what is made of all elements must be looked at without one
  if (!context.quick || length < 2 || activation.trainable.length > 0 || extentsOf(activation).length > 0) {
    const usual = Float64Array.from({ length }, () => 2 * probe.random.normal());
    await ask(probe, direction, activation, spec, usual);
  }
  if (length < 2) return;

  const value = format.round(probe.random.uniform(-3, 3));
  const upstream = new Float64Array(length).fill(format.round(probe.random.uniform(0.5, 2)));
  const same = new Float64Array(length).fill(value);
  const result = await ask(probe, direction, activation, spec, same, { upstream });
  for (const field of fieldsOf(result, activation, spec)) {
    const differing = firstUnlike(field, 1);
    if (differing)
      probe.fail(`equal elements must give equal bits (element ${differing} differs from element 0, x = ${value})`);
  }

  // comparison with the oracle finds a NaN that reached an element of another group
  const x = Float64Array.from({ length }, () => 2 * probe.random.normal());
  x[probe.random.integer(length)] = Number.NaN;
  await ask(probe, direction, activation, spec, x);
}

/** y or the gradient of x, in its parts. */
function fieldsOf(result: CallResult | null, activation: Activation, spec: TensorSpec): Data[] {
  if (result?.y) return splitParts(result.y, activation, spec);
  return result?.x ? [result.x] : [];
}

/** The first element whose bits are not those of the one a period before it; 0 where there is none. */
function firstUnlike(values: Data, period: number): number {
  const units = values instanceof Uint16Array ? values : unitsOf(values);
  const width = values.BYTES_PER_ELEMENT / units.BYTES_PER_ELEMENT;
  for (let i = period * width; i < units.length; i++)
    if (units[i] !== units[i - period * width]) return Math.floor(i / width);
  return 0;
}

/**
 * How many workgroups there may be depends on the form of a kernel and not on its formula, and millions of elements take
 * seconds: those whose form is their own ask in one direction, a few of the others by turns. Nothing that has workgroups
 * computes in float64.
 */
function asksForMany(context: CaseContext): boolean {
  const { activation, huge } = context;
  const turn = turnOf(context, 'workgroups');
  if (huge) return true;
  if (context.format.dtype === 'float64') return false;
  const isOwnForm = activation.forward.y.length > 1 || extentsOf(activation).length > 0;
  return isOwnForm ? isItsTurn(context, 'workgroups') : turn % (isFirstType(context) ? 11 : 23) === 0;
}

/** So many elements that one dimension of workgroups cannot cover them: a pattern of three values, in each of its places. */
async function manyWorkgroups(
  probe: Probe,
  { activation, direction, format }: CaseContext,
  length: number,
): Promise<void> {
  const pattern = [-0.75, 0.5, 1.625].map(format.round);
  const grouped = extentsOf(activation).length > 0;
  const shape = grouped ? [Math.ceil(length / 3), 3] : [length];
  const x = new Float64Array(elementCount(shape));
  for (let i = 0; i < x.length; i++) x[i] = pattern[i % 3] as number;
  const upstream = new Float64Array(x.length).fill(1);
  const spec = { shape, dtype: format.dtype, channelAxis: shape.length - 1 };
  const result = await ask(probe, direction, activation, spec, x, { upstream }, 4096);
  for (const values of fieldsOf(result, activation, spec)) {
    const wrong = firstUnlike(values, 3);
    if (wrong > 0)
      probe.fail(`equal elements must give equal bits (element ${wrong} differs from element ${wrong % 3})`);
  }
}

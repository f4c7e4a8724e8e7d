/** How single points become tensors, for activations whose elements share statistics and for those whose do not. */
import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { type Extent, topologicalOrder } from '../../expression/node.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import { forwardRoots } from '../../graph/graph.ts';
import { drawsNoise, stateShapes } from '../../graph/roots.ts';
import type { CallData, CallResult, Probe } from '../case.ts';
import type { Format } from '../formats.ts';
import type { Direction } from '../oracle/oracle.ts';
import { joinParts } from '../parts.ts';
import type { Random } from '../random.ts';

export interface Arranged {
  readonly spec: TensorSpec;
  readonly x: Float64Array;
}

/** The extents of the statistics, counts and states that the forward reads. */
export function extentsOf({ forward }: Activation): Extent[] {
  return topologicalOrder(forwardRoots(forward)).flatMap((node) => ('extent' in node ? [node.extent] : []));
}

/** What a report calls the activation's extent: the one that its user chose, or those of its statistics. */
export function extentLabel(activation: Activation): string | null {
  const { extent } = activation.options;
  const extents = extent === undefined ? extentsOf(activation) : [extent as Extent];
  if (extents.length === 0) return null;
  const labels = extents.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return [...new Set(labels)].sort().join(' and ');
}

/** Whether the activation is about channels, so that a specification must name their axis. */
export const needsChannels = (activation: Activation): boolean =>
  activation.forward.y.length > 1 || extentsOf(activation).includes('channel');

/** The last axis as that of the channels, where the activation needs one and the shape has one. */
export const channelsIn = (activation: Activation, { length: rank }: Shape): { readonly channelAxis?: number } =>
  needsChannels(activation) && rank > 0 ? { channelAxis: rank - 1 } : {};

/** Beside a point: more positive elements than negative ones, then the other way round. */
const companions = [
  [0.5, -1.25, 2],
  [-0.5, 1.25, -2],
] as const;

/** A point in a group of four. */
export function groupAround(point: number, place: number, side: number): number[] {
  const group: number[] = [...(companions[side % 2] as (typeof companions)[number])];
  group.splice((place + side) % 4, 0, point);
  return group;
}

/** Whether elements share statistics with those of their own row at most. */
export const isRowwise = (activation: Activation): boolean =>
  extentsOf(activation).every((extent) => extent === 'row' || extent === 'sample');

/**
 * Tensors that hold every point. Where elements share a statistic, a point gets a small group of its own, twice, at
 * changing positions; where the whole tensor is one group, `isolated` points (infinities, NaN) get a tensor of their
 * own, and the others share one.
 */
export function arrange(
  activation: Activation,
  format: Format,
  points: readonly number[],
  isolated: boolean,
): Arranged[] {
  const { dtype } = format;
  const extents = extentsOf(activation);
  if (points.length === 0) return [];
  if (extents.length === 0) {
    const x = padded(points);
    const shape = [x.length];
    return [{ spec: { shape, dtype, ...channelsIn(activation, shape) }, x }];
  }

  const groups = points.flatMap((point, k) => companions.map((_, side) => groupAround(point, k, side)));
  if (isRowwise(activation)) {
    const x = padded(groups.flat());
    const shape = [x.length / 4, 4];
    return [{ spec: { shape, dtype, ...channelsIn(activation, shape) }, x }];
  }
  if (extents.every((extent) => extent === 'channel')) {
    const x = Float64Array.from(
      { length: groups.length * 4 },
      (_, i) => groups[i % groups.length]?.[Math.floor(i / groups.length)] as number,
    );
    return [{ spec: { shape: [4, groups.length], dtype, channelAxis: 1 }, x }];
  }
  const channelAxis = channelsIn(activation, [2, 2]);
  if (isolated)
    return groups.map((group) => ({ spec: { shape: [2, 2], dtype, ...channelAxis }, x: Float64Array.from(group) }));
  return companions.map((_, side) => {
    const x = groups.filter((__, k) => k % 2 === side).flat();
    return { spec: { shape: [x.length / 2, 2], dtype, ...channelAxis }, x: Float64Array.from(x) };
  });
}

/** The points over again, to one of a few lengths: compiling for a new shape can cost more than all the points. */
function padded(points: readonly number[]): Float64Array {
  const length = [64, 512].find((candidate) => candidate >= points.length) ?? Math.ceil(points.length / 2048) * 2048;
  return Float64Array.from({ length }, (_, index) => points[index % points.length] as number);
}

/** Upstream gradients of either sign and of moderate size. */
export function moderateUpstream(length: number, random: Random): Float64Array {
  return Float64Array.from({ length }, () => random.uniform(0.5, 2) * (random.integer(2) ? 1 : -1));
}

/** What arrays are drawn with. */
type Drawing = Pick<Probe, 'format' | 'random'>;

interface More {
  /** One number per element of x, the same for all parts of y. */
  readonly upstream?: ArrayLike<number>;
  readonly parameters?: CallData['parameters'];
}

/** The arrays of one call; a vjp gets an upstream gradient for y, and one for the penalty where there is one. */
export function callData(
  { format, random }: Drawing,
  direction: Direction,
  activation: Activation,
  spec: TensorSpec,
  x: ArrayLike<number>,
  { upstream, parameters }: More = {},
): CallData {
  const data = {
    x: format.fromNumbers(x),
    ...(parameters && { parameters }),
    ...readStates(activation, spec, format, random),
  };
  if (direction === 'forward') return data;
  const penalty = activation.forward.penalty ? { penalty: format.round(random.uniform(-2, 2)) } : {};
  const fields = activation.forward.y.map(() => upstream ?? moderateUpstream(x.length, random));
  return { ...data, upstream: { y: format.fromNumbers(joinParts(fields, spec)), ...penalty } };
}

/** Makes one call with such arrays. */
export const ask = (
  probe: Probe,
  direction: Direction,
  activation: Activation,
  spec: TensorSpec,
  x: ArrayLike<number>,
  more?: More,
  sample?: number,
): Promise<CallResult | null> =>
  probe.call(direction, activation, spec, callData(probe, direction, activation, spec, x, more), sample);

/** Small counts, ties among them, for the states that an earlier call would have left; a seed for noise. */
export function readStates(
  activation: Activation,
  spec: TensorSpec,
  format: Format,
  random: Random,
): Pick<CallData, 'state'> {
  const read = topologicalOrder(activation.forward.y).flatMap((node) => (node.kind === 'state' ? [node.name] : []));
  const seed = drawsNoise(activation) && { seed: Uint32Array.of(random.bits(), random.bits()) };
  if (read.length === 0) return seed ? { state: seed } : {};
  const shapes = stateShapes(activation, spec);
  const state = read.map((name) => {
    const values = Float64Array.from({ length: elementCount(shapes[name] ?? []) }, () => random.integer(4));
    return [name, format.fromNumbers(values)] as const;
  });
  return { state: { ...Object.fromEntries(state), ...seed } };
}

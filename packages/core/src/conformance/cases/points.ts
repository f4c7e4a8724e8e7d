/** The groups that look at single points: where functions have their edges, and everywhere between. */
import { decodeHalf } from '../../float16.ts';
import type { CaseContext, CaseGroup, GroupName, Probe } from '../case.ts';
import { type Format, neighbour32 } from '../formats.ts';
import { createRandom, type Random } from '../random.ts';
import { ask, callData, channelsIn, extentsOf, isRowwise } from './arrange.ts';
import { varyNaNs } from './nan-payloads.ts';
import { arrangeFor, oneGroup, tableLength, tableSpec } from './quick.ts';
import { canShare, checkShared, type PointList } from './shared-points.ts';

interface Points extends PointList {
  /** Whether a point may spoil the statistics of others in its tensor. */
  readonly isolated?: boolean;
}

type PointsOf = (context: CaseContext, random: Random) => readonly Points[];

/** A group that is made of points alone. */
const pointGroup =
  (group: keyof typeof pointGroups): CaseGroup =>
  (context) =>
    pointsIn(group, context).map(({ name, values, isolated = false }) => ({
      name,
      run: (probe) =>
        canShare(context)
          ? checkShared(probe, context, `${group}/${name}`, () => allPoints(context))
          : checkPoints(probe, context, values, isolated),
    }));

const pointsIn = (group: keyof typeof pointGroups, context: CaseContext): Points[] =>
  pointGroups[group](context, createRandom(context.seed, `points of ${context.name}`)).map((points) => ({
    ...points,
    values: points.values.map(context.format.round),
  }));

const allPoints = (context: CaseContext): PointList[] =>
  (Object.keys(pointGroups) as (keyof typeof pointGroups)[]).flatMap((group) =>
    pointsIn(group, context).map(({ name, values }) => ({ name: `${group}/${name}`, values })),
  );

async function checkPoints(
  probe: Probe,
  context: CaseContext,
  values: readonly number[],
  isolated: boolean,
): Promise<void> {
  const { activation, direction } = context;
  for (const { spec, x } of arrangeFor(context, values, isolated)) {
    const data = callData(probe, direction, activation, spec, x);
    varyNaNs(data.x);
    await probe.call(direction, activation, spec, data);
  }
}

const bothSigns = (values: readonly number[]): number[] => values.flatMap((value) => [value, -value]);

/** A point and its neighbours within some units in the last place. */
function around(value: number, format: Format, steps = 1): number[] {
  if (format.dtype !== 'float32') {
    const ulp = format.dtype === 'float16' ? 2 * format.storageError(value) : format.ulp(value) * 2 ** -10;
    return [value - ulp, value, value + ulp];
  }
  let [below, above] = [Math.fround(value), Math.fround(value)];
  const points = [below];
  for (let step = 0; step < steps; step++) {
    below = neighbour32(below, -1);
    above = neighbour32(above, 1);
    points.push(below, above);
  }
  return points;
}

/** The bits of every value that there is a rule for. */
const latticePoints: PointsOf = ({ format }) => [
  { name: 'zeros', values: [0, -0], isolated: true },
  { name: 'nan', values: [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN], isolated: true },
  { name: 'infinities', values: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], isolated: true },
  {
    name: 'subnormals',
    values: bothSigns([
      format.smallestSubnormal,
      3 * format.smallestSubnormal,
      format.smallestNormal / 2,
      format.smallestNormal - format.smallestSubnormal,
      format.smallestNormal,
    ]),
    isolated: true,
  },
  { name: 'largest', values: bothSigns([format.largest, format.largest / 2]), isolated: true },
  { name: 'ones', values: bothSigns([0.5, 1, 2, 3, 10]) },
];

/** Where the definition says that the formula changes, and what each comparison with a constant in it looks at. */
const breakpointPoints: PointsOf = ({ activation, format }) => {
  const places = [...new Set([0, ...activation.kinks.map(({ at }) => at), ...activation.breakpoints])];
  return places
    .filter((place) => Math.abs(place) <= format.largest)
    .map((place) => ({ name: String(place), values: around(format.round(place), format, 3) }));
};

/** Where e^x, e^-x, e^2x or e^x² leaves the range, and where squares and cubes do. */
const overflowPoints: PointsOf = ({ format }) => {
  const edges =
    format.dtype === 'float16'
      ? [11.09, 9.7, 17.3, 255.9, 40.3, 65504]
      : [
          88.7228, 89, 87.3365, 103.97, 104.7, 44.3614, 43.668, 29.57, 10.0549, 9.4191, 13.31, 14.4, 1.8446743e19,
          6.98e12, 1e-19, 2.4e-23, 1e30,
        ];
  return [
    {
      name: 'exponentials',
      values: edges
        .filter((edge) => edge > 1 && edge < 1e3)
        .flatMap((edge) => bothSigns(around(format.round(edge), format, 2))),
    },
    { name: 'powers', values: bothSigns(edges.filter((edge) => edge < 1 || edge >= 1e3)), isolated: true },
  ];
};

/** Small arguments, where 1 + t, e^t - 1 and 1 - e^t lose their digits. */
const cancellationPoints: PointsOf = ({ quick }, random) => [
  {
    name: 'small',
    values: Array.from({ length: quick ? 32 : 192 }, () => 2 ** random.uniform(-30, -1) * (random.integer(2) ? 1 : -1)),
  },
  {
    // where a significand is all zeros, range reductions go wrong by a whole step
    name: 'powers of two',
    values: bothSigns(Array.from({ length: 29 }, (_, k) => 2 ** -(k + 2))),
  },
  {
    name: 'smaller',
    values: Array.from({ length: 24 }, () => 2 ** random.uniform(-120, -30) * (random.integer(2) ? 1 : -1)),
  },
];

/** From where the function has almost settled to where it underflows; exponential tails and Gaussian ones. */
const tailPoints: PointsOf = ({ quick }, random) => {
  const count = quick ? 32 : 128;
  const spread = (low: number, high: number) =>
    bothSigns(Array.from({ length: count }, () => random.uniform(low, high)));
  return [
    { name: 'gaussian', values: spread(4, 15) },
    { name: 'exponential', values: spread(15, 106) },
    { name: 'far', values: bothSigns(Array.from({ length: count / 4 }, () => 2 ** random.uniform(6.7, 127.9))) },
  ];
};

const sweepLength = ({ quick }: CaseContext): number => (quick ? 512 : 2048);

/** Bits, and the range that data lives in; of activations whose elements share a statistic, see `sweep`. */
const sweepPoints: PointsOf = (context, random) => {
  if (extentsOf(context.activation).length > 0) return [];
  const { quick, format } = context;
  const count = sweepLength(context);
  const every = format.dtype === 'float16' && !quick;
  return [
    { name: 'bits', values: every ? everyHalf() : bits(format, count, random) },
    // in a quick run, ordinary numbers fill the tables of the other groups
    { name: 'usual', values: Array.from({ length: quick ? 48 : count }, () => usual(random)) },
  ];
};

/** Every sign and exponent equally often, with any significand. */
function bits({ dtype }: Format, count: number, random: Random): number[] {
  if (dtype === 'float16')
    return Array.from({ length: count }, (_, k) => decodeHalf(((k % 64) << 10) | (random.bits() >>> 22)));
  const word = new DataView(new ArrayBuffer(4));
  return Array.from({ length: count }, (_, k) => {
    word.setUint32(0, ((k % 512) << 23) | (random.bits() >>> 9));
    return word.getFloat32(0);
  });
}

const everyHalf = (): number[] => Array.from({ length: 2 ** 16 }, (_, encoding) => decodeHalf(encoding));

const usual = (random: Random): number => random.normal() * 2 ** random.uniform(-3, 3.5);

const pointGroups = {
  lattice: latticePoints,
  breakpoints: breakpointPoints,
  overflow: overflowPoints,
  cancellation: cancellationPoints,
  tails: tailPoints,
  sweep: sweepPoints,
} satisfies Partial<Record<GroupName, PointsOf>>;

export const lattice: CaseGroup = pointGroup('lattice');
export const breakpoints: CaseGroup = pointGroup('breakpoints');
export const overflow: CaseGroup = pointGroup('overflow');
export const cancellation: CaseGroup = pointGroup('cancellation');
export const tails: CaseGroup = pointGroup('tails');

/**
 * Bits drawn uniformly, NaN and infinities among them, and the range that data lives in. Where elements share a
 * statistic, those that do are of similar size, lest one drown all others.
 */
export const sweep: CaseGroup = (context) => {
  const { activation, format, direction } = context;
  if (extentsOf(activation).length === 0) return pointGroup('sweep')(context);
  return [
    {
      name: 'bits',
      run: async (probe) => {
        const { random } = probe;
        const [least, greatest] = format.dtype === 'float16' ? [-20, 12] : [-140, 120];
        for (const { spec, x, width } of groupedTensors(context, 8)) {
          for (let i = 0; i < x.length; i += width) {
            const centre = random.uniform(least as number, greatest as number);
            for (let j = 0; j < width; j++)
              x[i + j] = 2 ** (centre + random.uniform(-3, 3)) * (random.integer(2) ? 1 : -1);
          }
          await ask(probe, direction, activation, spec, x);
        }
      },
    },
    {
      name: 'usual',
      run: async (probe) => {
        for (const { spec, x } of groupedTensors(context, 64)) {
          await ask(
            probe,
            direction,
            activation,
            spec,
            x.map(() => usual(probe.random)),
          );
        }
      },
    },
  ];
};

/** Tensors of about `count` elements in all whose statistics are over a few elements each. */
function groupedTensors(context: CaseContext, width: number) {
  const { activation, format, quick } = context;
  const { dtype } = format;
  const few = width < 64;
  // the table that all groups of a quick run share
  if (quick && !few) return [{ spec: tableSpec(format), x: new Float64Array(tableLength), width }];
  const count = sweepLength(context);
  if (isRowwise(activation)) {
    const shape = [count / width, width];
    return [{ spec: { shape, dtype, ...channelsIn(activation, shape) }, x: new Float64Array(count), width }];
  }
  if (quick) {
    const [, own] = oneGroup;
    const spec = { ...tableSpec(format), shape: oneGroup };
    return Array.from({ length: 6 }, () => ({ spec, x: new Float64Array(own), width: own }));
  }
  return Array.from({ length: Math.min(16, count / width) }, () => ({
    spec: { shape: [2, width / 2], dtype, channelAxis: 1 },
    x: new Float64Array(width),
    width,
  }));
}

/** The groups that look at single points: where functions have their edges, and everywhere between. */
import type { Activation } from '../../definition.ts';
import { decodeHalf } from '../../float16.ts';
import type { CaseContext, CaseGroup, Probe } from '../case.ts';
import { type Format, neighbour32 } from '../formats.ts';
import { createRandom, type Random } from '../random.ts';
import { arrange, ask, callData, channelsIn, extentsOf } from './arrange.ts';

interface Points {
  readonly name: string;
  readonly values: readonly number[];
  /** Whether a point may spoil the statistics of others in its tensor. */
  readonly isolated?: boolean;
}

/** A group that is made of points alone. */
const pointGroup =
  (pointsOf: (context: CaseContext, random: Random) => readonly Points[]): CaseGroup =>
  (context) =>
    pointsOf(context, createRandom(context.seed, `points of ${context.name}`)).map(
      ({ name, values, isolated = false }) => ({
        name,
        run: (probe) => checkPoints(probe, context, values.map(context.format.round), isolated),
      }),
    );

async function checkPoints(
  probe: Probe,
  { activation, direction, format }: CaseContext,
  values: readonly number[],
  isolated: boolean,
): Promise<void> {
  for (const { spec, x } of arrange(activation, format, values, isolated)) {
    const data = callData(probe, direction, activation, spec, x);
    varyNaNs(data.x);
    await probe.call(direction, activation, spec, data);
  }
}

/** NaN has many encodings; a test by comparison with one of them must fail. */
function varyNaNs(data: ArrayBufferView): void {
  if (!(data instanceof Float32Array)) return;
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const encodings = [0x7fc00000, 0xffc00000, 0x7fa00000, 0x7fffffff, 0xff800001];
  let seen = 0;
  data.forEach((value, index) => {
    if (Number.isNaN(value)) bits[index] = encodings[seen++ % encodings.length] as number;
  });
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

export const lattice: CaseGroup = pointGroup(({ format }) => [
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
]);

/** Where the definition says that the formula changes, and what each comparison with a constant in it looks at. */
export const breakpoints: CaseGroup = pointGroup(({ activation, format }) => {
  const places = [...new Set([0, ...activation.kinks.map(({ at }) => at), ...activation.breakpoints])];
  return places
    .filter((place) => Math.abs(place) <= format.largest)
    .map((place) => ({ name: String(place), values: around(format.round(place), format, 3) }));
});

/** Where e^x, e^-x, e^2x or e^x² leaves the range, and where squares and cubes do. */
export const overflow: CaseGroup = pointGroup(({ format }) => {
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
});

/** Small arguments, where 1 + t, e^t - 1 and 1 - e^t lose their digits. */
export const cancellation: CaseGroup = pointGroup(({ quick }, random) => [
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
]);

/** From where the function has almost settled to where it underflows; exponential tails and Gaussian ones. */
export const tails: CaseGroup = pointGroup(({ quick }, random) => {
  const count = quick ? 48 : 128;
  const spread = (low: number, high: number) =>
    bothSigns(Array.from({ length: count }, () => random.uniform(low, high)));
  return [
    { name: 'gaussian', values: spread(4, 15) },
    { name: 'exponential', values: spread(15, 106) },
    { name: 'far', values: bothSigns(Array.from({ length: count / 4 }, () => 2 ** random.uniform(6.7, 127.9))) },
  ];
});

/**
 * Bits drawn uniformly, NaN and infinities among them, and the range that data lives in. Where elements share a
 * statistic, those that do are of similar size, lest one drown all others.
 */
export const sweep: CaseGroup = (context) => {
  const { activation, format, quick, direction } = context;
  const count = quick ? 512 : 2048;
  const grouped = extentsOf(activation).length > 0;
  const word = new DataView(new ArrayBuffer(4));
  const anyBits = (random: Random): number => {
    if (format.dtype === 'float16') return decodeHalf(random.bits() >>> 16);
    word.setUint32(0, random.bits());
    return word.getFloat32(0);
  };
  /** In half precision, every number there is. */
  const bitsOf = (random: Random): number[] =>
    format.dtype === 'float16' && !quick
      ? Array.from({ length: 2 ** 16 }, (_, bits) => decodeHalf(bits))
      : Array.from({ length: count }, () => anyBits(random));
  return [
    {
      name: 'bits',
      run: async (probe) => {
        const { random } = probe;
        if (!grouped) return checkPoints(probe, context, bitsOf(random), false);
        const width = 8;
        const [least, greatest] = format.dtype === 'float16' ? [-20, 12] : [-140, 120];
        for (const { spec, x } of groupedTensors(activation, format, count, width)) {
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
        const { random } = probe;
        const value = (): number => random.normal() * 2 ** random.uniform(-3, 3.5);
        if (!grouped) return checkPoints(probe, context, Array.from({ length: count }, value).map(format.round), false);
        for (const { spec, x } of groupedTensors(activation, format, count, 64)) {
          await ask(probe, direction, activation, spec, x.map(value));
        }
      },
    },
  ];
};

/** Tensors of about `count` elements in all whose statistics are over a few elements each. */
function groupedTensors(activation: Activation, { dtype }: Format, count: number, width: number) {
  const perRow = extentsOf(activation).every((extent) => extent === 'row' || extent === 'sample');
  if (perRow) {
    const shape = [count / width, width];
    return [{ spec: { shape, dtype, ...channelsIn(activation, shape) }, x: new Float64Array(count) }];
  }
  return Array.from({ length: Math.min(16, count / width) }, () => ({
    spec: { shape: [2, width / 2], dtype, channelAxis: 1 },
    x: new Float64Array(width),
  }));
}

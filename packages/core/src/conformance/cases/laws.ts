/** Laws that hold whatever the oracle says: range, monotony, symmetry, homogeneity, order inside an extent. */
import type { CaseContext, CaseGroup, Probe } from '../case.ts';
import { allowances } from '../tolerance.ts';
import { ask, extentsOf } from './arrange.ts';
import { noise } from './noise.ts';
import { table, tableLength } from './quick.ts';

interface Law {
  readonly range?: readonly [number, number];
  /** y never falls as x rises. */
  readonly monotone?: boolean;
  /** f(-x) = -f(x). */
  readonly odd?: boolean;
  /** f(x) - f(-x) = x. */
  readonly complement?: boolean;
  /** f(2^k·x) = 2^k·f(x). */
  readonly homogeneous?: boolean;
}

const unbounded = Number.POSITIVE_INFINITY;

/** Laws of the catalogue's functions at their default settings. */
const laws: Readonly<Record<string, Law>> = {
  sigmoid: { range: [0, 1], monotone: true },
  tanh: { range: [-1, 1], monotone: true, odd: true },
  relu: { range: [0, unbounded], monotone: true, homogeneous: true },
  relu6: { range: [0, 6], monotone: true },
  leakyRelu: { monotone: true, homogeneous: true },
  prelu: { monotone: true, homogeneous: true },
  rrelu: { monotone: true },
  elu: { range: [-1, unbounded], monotone: true },
  selu: { range: [-1.7580994, unbounded], monotone: true },
  celu: { range: [-1, unbounded], monotone: true },
  softplus: { range: [0, unbounded], monotone: true, complement: true },
  softsign: { range: [-1, 1], monotone: true, odd: true },
  swish: { range: [-0.2784646, unbounded], complement: true },
  hardSigmoid: { range: [0, 1], monotone: true },
  hardSwish: { range: [-0.375, unbounded], complement: true },
  gelu: { range: [-0.1699713, unbounded], complement: true },
  geluTanh: { range: [-0.1704101, unbounded], complement: true },
  mish: { range: [-0.3088413, unbounded] },
  convRelu: { range: [0, unbounded], monotone: true },
  crelu: { range: [0, unbounded], homogeneous: true },
  adaRelu: { homogeneous: true },
};

export const lawCases: CaseGroup = function* (context) {
  const { name, direction, activation } = context;
  const usualOf = (law: Law | undefined): Law => law ?? {};
  const { range, monotone, odd, complement, homogeneous } = usualOf(laws[name]);
  if (direction === 'forward') {
    if (range) yield { name: 'range', run: (probe) => inRange(probe, context, range) };
    if (monotone) yield { name: 'monotone', run: (probe) => rising(probe, context) };
    if (odd) yield { name: 'odd', run: (probe) => symmetric(probe, context, (value, mirrored) => [value, -mirrored]) };
    if (complement) {
      yield {
        name: 'f(x) - f(-x) = x',
        run: (probe) => symmetric(probe, context, (value, mirrored, x) => [value - mirrored, x]),
      };
    }
  }
  yield* noise(context);
  if (homogeneous) yield { name: 'homogeneous', run: (probe) => scales(probe, context) };
  if (extentsOf(activation).length > 0)
    yield { name: 'order inside an extent', run: (probe) => reordered(probe, context) };
};

/** Numbers of either sign whose values are normal. */
function signed({ random, format }: Probe, count: number): number[] {
  const least = format.dtype === 'float16' ? -6 : -20;
  return Array.from({ length: count }, () => 2 ** random.uniform(least, 6) * (random.integer(2) ? 1 : -1));
}

/** What a value at x may be off by within the grade, with room. */
function slack({ format, owed }: Probe, x: number, value: number): number {
  const absolute = owed === 'D' ? allowances.D.c * Math.max(1, Math.abs(x)) : 0;
  return format.unit * (16 * Math.abs(value) + absolute) + 2 * format.storageError(value);
}

/** Numbers that a law is about: in a quick run, as many as the table that all groups share. */
const lengthOf = ({ quick }: CaseContext, usual: number): number => (quick ? tableLength : usual);

async function values(
  probe: Probe,
  { activation, direction, format, quick }: CaseContext,
  x: ArrayLike<number>,
  shape: readonly number[] = quick ? table : [x.length],
) {
  const spec = { shape, dtype: format.dtype, channelAxis: shape.length - 1 };
  const upstream = new Float64Array(x.length).fill(1);
  const result = await ask(probe, direction, activation, spec, x, { upstream });
  const field = result?.y ?? result?.x;
  return field ? format.toNumbers(field) : null;
}

async function inRange(probe: Probe, context: CaseContext, [low, high]: readonly [number, number]): Promise<void> {
  const x = signed(probe, lengthOf(context, 512));
  const y = await values(probe, context, x);
  // an end of the range may lie between two numbers of the data type
  const { storageError } = context.format;
  const [least, greatest] = [low - storageError(low), high + (Number.isFinite(high) ? storageError(high) : 0)];
  y?.forEach((value, k) => {
    if (value < least || value > greatest) probe.fail(`f must lie in [${low}, ${high}] (was ${value} at ${x[k]})`);
  });
}

async function rising(probe: Probe, context: CaseContext): Promise<void> {
  const x = Float64Array.from(signed(probe, lengthOf(context, 512)))
    .map(context.format.round)
    .sort();
  const y = await values(probe, context, x);
  y?.forEach((value, k) => {
    const before = y[k - 1];
    // neighbours may change places within the error that the grade allows
    if (before !== undefined && value < before - 2 * slack(probe, x[k] as number, before)) {
      probe.fail(`f must not fall (was ${before} at ${x[k - 1]}, ${value} at ${x[k]})`);
    }
  });
}

async function symmetric(
  probe: Probe,
  context: CaseContext,
  sides: (value: number, mirrored: number, x: number) => readonly [number, number],
): Promise<void> {
  const length = lengthOf(context, 512);
  const half = signed(probe, length >> 1).map(context.format.round);
  const both = [...half, ...half.map((x) => -x)];
  const y = await values(probe, context, [...both, ...half.slice(0, length - both.length)]);
  half.forEach((x, k) => {
    if (!y) return;
    const [value, mirrored] = [y[k] as number, y[k + half.length] as number];
    const [left, right] = sides(value, mirrored, x);
    const allowed = slack(probe, x, value) + slack(probe, x, mirrored);
    if (!(Math.abs(left - right) <= allowed))
      probe.fail(`${left} must be ${right} (at ${x}: f(x) = ${value}, f(-x) = ${mirrored})`);
  });
}

async function scales(probe: Probe, context: CaseContext): Promise<void> {
  const x = Float64Array.from(signed(probe, lengthOf(context, 128))).map(context.format.round);
  const y = await values(probe, context, x);
  const y8 = await values(
    probe,
    context,
    x.map((value) => value * 8),
  );
  const factor = context.direction === 'forward' ? 8 : 1;
  y8?.forEach((value, k) => {
    const owed = factor * (y?.[k] as number);
    if (y && value !== owed) probe.fail(`f(8x) must be ${owed} (was ${value} at x = ${x[k]})`);
  });
}

/**
 * The same elements in another order give the same values in that order, up to the order of the additions: a mean may
 * move by a part of mean |x|, and what is left where it is taken from a number near it moves with it.
 */
async function reordered(probe: Probe, context: CaseContext): Promise<void> {
  const [rows, width] = [3, 40];
  const x = Float64Array.from({ length: rows * width }, () => context.format.round(2 * probe.random.normal()));
  const usual = x.reduce((total, value) => total + Math.abs(value), 0) / x.length;
  // rotates every row, which moves each element within its row, its tensor and, as a whole row, nothing else
  const place = (k: number): number => Math.floor(k / width) * width + ((k + 7) % width);
  const y = await values(probe, context, x, [rows, width]);
  const moved = await values(
    probe,
    context,
    x.map((_, k) => x[place(k)] as number),
    [rows, width],
  );
  moved?.forEach((value, k) => {
    const owed = y?.[place(k)] as number;
    if (y && Math.abs(value - owed) > 16 * slack(probe, 1, Math.max(Math.abs(owed), usual))) {
      probe.fail(`element ${k} must be ${owed} in another order too (was ${value})`);
    }
  });
}

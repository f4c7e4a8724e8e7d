/**
 * What a statistic is gathered in: a sum, a count, or moments over a pivot.
 *
 * Moments are n, a pivot, the mean's offset from it, and M2 = Σ(t - mean)² (Chan, Golub and LeVeque 1983). The pivot is
 * a finite element of the group: data of 1e4 ± 1e-2 has its spread in the offsets, which float32 keeps. M2 is in units of
 * a power of two near the largest deviation, squared: squares of 1e-20 or 1e20 would leave float32's range.
 */
import type { Gather } from '@isoact/core';

export type AccumulatorType = 'f32' | 'u32' | 'Moments';

export const accumulatorType = ({ kind }: Pick<Gather, 'kind'>): AccumulatorType =>
  (({ sum: 'f32', count: 'u32', moments: 'Moments' }) as const)[kind];

/** Words that a value takes in the scratch buffer. */
export const wordsOf: Readonly<Record<AccumulatorType, number>> = { f32: 1, u32: 1, Moments: 6 };

export const zeroOf: Readonly<Record<AccumulatorType, string>> = {
  f32: '0.0',
  u32: '0u',
  Moments: 'Moments(0.0, 0.0, 0.0, 0.0, 1u, 0u)',
};

export const merge = (type: AccumulatorType, a: string, b: string): string =>
  type === 'Moments' ? `mergeMoments(${a}, ${b})` : `${a} + ${b}`;

/** The expression that reads a value which starts at this word of the scratch buffer, an array of u32. */
export function load(type: AccumulatorType, at: string): string {
  if (type === 'u32') return `scratch[${at}]`;
  if (type === 'f32') return `bitcast<f32>(scratch[${at}])`;
  return `loadMoments(${at})`;
}

/** The statement that writes a value to the scratch buffer. */
export function store(type: AccumulatorType, at: string, value: string): string {
  if (type === 'u32') return `scratch[${at}] = ${value};`;
  if (type === 'f32') return `scratch[${at}] = bitcast<u32>(${value});`;
  return `storeMoments(${at}, ${value});`;
}

/** The functions on moments; a kernel has those that it uses. */
export type MomentsPart = 'merge' | 'variance' | 'deviation' | 'pivot' | 'scale' | 'load' | 'store';

export const momentsStructure = `// The mean is pivot + offset. m2 is the sum of (t - mean)² in units of powerOf(exponent)².
struct Moments {
  n: f32,
  pivot: f32,
  offset: f32,
  m2: f32,
  exponent: u32, // of the largest deviation, as float32 has it in its bits
  peak: u32, // the largest |t|, as bits
}`;

export const momentsParts: Readonly<
  Record<MomentsPart, { readonly text: string; readonly uses: readonly MomentsPart[] }>
> = {
  scale: {
    text: `// 2^(exponent - 127) for exponents from 1 to 254.
fn powerOf(exponent: u32) -> f32 {
  return bitcast<f32>(exponent << 23u);
}

// The exponent of a finite number, kept from the ends so that its negative is one too.
fn exponentOf(bits: u32) -> u32 {
  return clamp(bits >> 23u, 1u, 253u);
}`,
    uses: [],
  },
  merge: {
    text: `fn mergeMoments(a: Moments, b: Moments) -> Moments {
  if (b.n == 0.0) { return a; }
  if (a.n == 0.0) { return b; }
  let n = a.n + b.n;
  let shift = b.pivot - a.pivot;
  let delta = shift + (b.offset - a.offset);
  let offset = (a.n * a.offset + b.n * (b.offset + shift)) / n;
  let exponent = max(exponentOf(bitcast<u32>(abs(delta))), max(a.exponent, b.exponent));
  let scaled = delta * powerOf(254u - exponent);
  let between = scaled * scaled * (a.n / n * b.n);
  let m2 = lowered(a.m2, exponent - a.exponent) + lowered(b.m2, exponent - b.exponent) + between;
  return Moments(n, a.pivot, offset, m2, exponent, max(a.peak, b.peak));
}

// A sum of squares in units that are 2^steps as large, squared.
fn lowered(m2: f32, steps: u32) -> f32 {
  let factor = select(0.0, powerOf(127u - min(steps, 126u)), steps < 64u);
  return m2 * factor * factor;
}`,
    uses: ['scale'],
  },
  variance: {
    text: `// NaN or infinite where an element was.
fn varianceOf(m: Moments) -> f32 {
  let unit = powerOf(m.exponent);
  return select(m.m2 / m.n * unit * unit, bitcast<f32>(m.peak), m.peak >= 0x7f800000u);
}`,
    uses: ['scale'],
  },
  deviation: {
    text: `// The standard deviation, though its square may be beyond float32.
fn deviationOf(m: Moments) -> f32 {
  return select(sqrt(m.m2 / m.n) * powerOf(m.exponent), bitcast<f32>(m.peak), m.peak >= 0x7f800000u);
}`,
    uses: ['scale'],
  },
  pivot: {
    text: `// The element itself, or 0 where it is not finite.
fn pivotOf(t: f32) -> f32 {
  return select(t, 0.0, (bitcast<u32>(t) & 0x7f800000u) == 0x7f800000u);
}`,
    uses: [],
  },
  load: {
    text: `fn loadMoments(at: u32) -> Moments {
  return Moments(
    bitcast<f32>(scratch[at]),
    bitcast<f32>(scratch[at + 1u]),
    bitcast<f32>(scratch[at + 2u]),
    bitcast<f32>(scratch[at + 3u]),
    scratch[at + 4u],
    scratch[at + 5u],
  );
}`,
    uses: [],
  },
  store: {
    text: `fn storeMoments(at: u32, m: Moments) {
  scratch[at] = bitcast<u32>(m.n);
  scratch[at + 1u] = bitcast<u32>(m.pivot);
  scratch[at + 2u] = bitcast<u32>(m.offset);
  scratch[at + 3u] = bitcast<u32>(m.m2);
  scratch[at + 4u] = m.exponent;
  scratch[at + 5u] = m.peak;
}`,
    uses: [],
  },
};

/**
 * What a statistic is gathered in: a sum, a count, or moments over a pivot.
 *
 * Moments are n, a pivot, the mean's offset from it, and M2 = Σ(t - mean)² (Chan, Golub and LeVeque 1983). The pivot is
 * a finite element of the group: data of 1e4 ± 1e-2 has its spread in the offsets, which float32 keeps.
 */
import type { Gather } from '@isoact/core';

export type AccumulatorType = 'f32' | 'u32' | 'Moments';

export const accumulatorType = ({ kind }: Pick<Gather, 'kind'>): AccumulatorType =>
  (({ sum: 'f32', count: 'u32', moments: 'Moments' }) as const)[kind];

/** Words that a value takes in the scratch buffer. */
export const wordsOf: Readonly<Record<AccumulatorType, number>> = { f32: 1, u32: 1, Moments: 5 };

export const zeroOf: Readonly<Record<AccumulatorType, string>> = {
  f32: '0.0',
  u32: '0u',
  Moments: 'Moments(0.0, 0.0, 0.0, 0.0, 0u)',
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
export type MomentsPart = 'merge' | 'variance' | 'pivot' | 'load' | 'store';

export const momentsStructure = `// The mean is pivot + offset; m2 is the sum of (t - mean)²; peak is the largest |t|, as bits.
struct Moments {
  n: f32,
  pivot: f32,
  offset: f32,
  m2: f32,
  peak: u32,
}`;

export const momentsParts: Readonly<Record<MomentsPart, string>> = {
  merge: `fn mergeMoments(a: Moments, b: Moments) -> Moments {
  if (b.n == 0.0) { return a; }
  if (a.n == 0.0) { return b; }
  let n = a.n + b.n;
  let shift = b.pivot - a.pivot;
  let delta = shift + (b.offset - a.offset);
  let offset = (a.n * a.offset + b.n * (b.offset + shift)) / n;
  let m2 = a.m2 + b.m2 + delta * delta * (a.n / n * b.n);
  return Moments(n, a.pivot, offset, m2, max(a.peak, b.peak));
}`,
  variance: `// NaN or infinite where an element was.
fn varianceOf(m: Moments) -> f32 {
  return select(m.m2 / m.n, bitcast<f32>(m.peak), m.peak >= 0x7f800000u);
}`,
  pivot: `// The element itself, or 0 where it is not finite.
fn pivotOf(t: f32) -> f32 {
  return select(t, 0.0, (bitcast<u32>(t) & 0x7f800000u) == 0x7f800000u);
}`,
  load: `fn loadMoments(at: u32) -> Moments {
  return Moments(
    bitcast<f32>(scratch[at]),
    bitcast<f32>(scratch[at + 1u]),
    bitcast<f32>(scratch[at + 2u]),
    bitcast<f32>(scratch[at + 3u]),
    scratch[at + 4u],
  );
}`,
  store: `fn storeMoments(at: u32, m: Moments) {
  scratch[at] = bitcast<u32>(m.n);
  scratch[at + 1u] = bitcast<u32>(m.pivot);
  scratch[at + 2u] = bitcast<u32>(m.offset);
  scratch[at + 3u] = bitcast<u32>(m.m2);
  scratch[at + 4u] = m.peak;
}`,
};

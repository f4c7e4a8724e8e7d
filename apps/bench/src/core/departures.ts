/** What a peer answers at points that do not gate it: NaN, infinities, huge values, breakpoints. Listed, not judged. */
import { createReferenceBackend } from '@isoact/core';
import type { BenchCase, Candidate, CaseInputs } from './candidate.ts';
import { specOf } from './case-data.ts';

const everywhere = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  0,
];
/** Relative to the larger of 1, x and the right value; anything that needs a list is far beyond. */
const tolerance = 1e-5;

/** A larger case departs as a smaller one does, and its right answers would take longer than all its calls. */
const mostElements = 2 ** 20;

/** Points among ordinary numbers, and what is right there. */
export interface Probes {
  readonly inputs: CaseInputs;
  /** Places of the points in x, and the points. */
  readonly placed: ReadonlyMap<number, number>;
  readonly expected: ArrayLike<number>;
}

/** Made once for all peers of a case; null where it is too large for it. */
export async function makeProbes(question: BenchCase, ordinary: CaseInputs): Promise<Probes | null> {
  if (ordinary.x.length > mostElements) return null;
  const { kinks, breakpoints } = question.activation;
  const x = ordinary.x.slice();
  const upstream = ordinary.upstream.slice();
  // A row each, because a row's statistic takes all its elements along.
  const rowLength = question.shape.at(-1) ?? 1;
  const probes = [...everywhere, ...kinks.map(({ at }) => at), ...breakpoints].map(
    (value, row) => [row * rowLength, Math.fround(value)] as const,
  );
  const placed = new Map(probes.filter(([index]) => index < x.length));
  for (const [index, value] of placed) {
    x[index] = value;
    upstream[index] = 1;
  }
  return { inputs: { x, upstream }, placed, expected: await rightAnswers(question, { x, upstream }) };
}

/** One line per departure: `-Infinity gives NaN (must be 0)`. */
export async function departuresOf(candidate: Candidate, probes: Probes | null): Promise<string[]> {
  if (!probes) return [];
  const { inputs, placed, expected } = probes;
  await candidate.enter?.();
  await candidate.prepare(inputs);
  await candidate.call(1);
  const { primary } = await candidate.readOutputs();
  const found = [...placed].flatMap(([index, value]) => {
    const [got = Number.NaN, want = Number.NaN] = [primary[index], expected[index]];
    return agrees(got, want, value) ? [] : [`${value} gives ${got} (must be ${want})`];
  });
  return [...new Set(found)];
}

function agrees(got: number, want: number, x: number): boolean {
  if (Number.isNaN(want) || !Number.isFinite(want)) return Object.is(got, want);
  const scale = Math.max(1, Math.abs(want), Number.isFinite(x) ? Math.abs(x) : 0);
  return Math.abs(got - want) <= tolerance * scale;
}

async function rightAnswers(question: BenchCase, { x, upstream }: CaseInputs) {
  const { activation, direction } = question;
  const compiled = await createReferenceBackend().compile(activation, specOf(question));
  if (direction === 'forward') return (await compiled.forward({ x })).y;
  return (await compiled.vjp({ x, upstream: { y: upstream } })).x;
}

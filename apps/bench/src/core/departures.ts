/** What a peer answers at points that do not gate it: NaN, infinities, huge values, breakpoints. Listed, not judged. */
import { createReferenceBackend } from '@isoact/core';
import type { BenchCase, Candidate, CaseInputs } from './candidate.ts';
import { specOf } from './case-data.ts';
import { type BenchDtype, elementTypes } from './dtypes.ts';

const everywhere = (largest: number): number[] => [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  largest,
  -largest,
  0,
];
/** Relative to the larger of 1, x and the right value; anything that needs a list is far beyond. */
const tolerances = { float32: 1e-5, float16: 1e-2 } as const satisfies Record<BenchDtype, number>;

/** A larger case departs as a smaller one does, and its right answers would take longer than all its calls. */
const mostElements = 2 ** 20;

/** Points among ordinary numbers, and what is right there. */
export interface Probes {
  readonly dtype: BenchDtype;
  readonly inputs: CaseInputs;
  /** Places of the points in x, and the points. */
  readonly placed: ReadonlyMap<number, number>;
  readonly expected: ArrayLike<number>;
}

/** Made once for all peers of a case; null where it is too large for it. */
export async function makeProbes(question: BenchCase, ordinary: CaseInputs): Promise<Probes | null> {
  if (ordinary.x.length > mostElements) return null;
  const { dtype, activation } = question;
  const { largest, fromNumbers, toNumbers } = elementTypes[dtype];
  const { kinks, breakpoints } = activation;
  const points = toNumbers(fromNumbers([...everywhere(largest), ...kinks.map(({ at }) => at), ...breakpoints]));
  const [x, upstream] = [ordinary.x.slice(), ordinary.upstream.slice()];
  const [one = 1] = fromNumbers([1]);
  // A row each, because a row's statistic takes all its elements along.
  const rowLength = question.shape.at(-1) ?? 1;
  const placed = new Map(Array.from(points, (value, row) => [row * rowLength, value] as const));
  for (const [index, value] of placed) {
    if (index >= x.length) {
      placed.delete(index);
      continue;
    }
    x[index] = fromNumbers([value])[0] ?? 0;
    upstream[index] = one;
  }
  return { dtype, inputs: { x, upstream }, placed, expected: await rightAnswers(question, { x, upstream }) };
}

/** One line per departure: `-Infinity gives NaN (must be 0)`. */
export async function departuresOf(candidate: Candidate, probes: Probes | null): Promise<string[]> {
  if (!probes) return [];
  const { dtype, inputs, placed, expected } = probes;
  await candidate.enter?.();
  await candidate.prepare(inputs);
  await candidate.call(1);
  const { primary } = await candidate.readOutputs();
  const answers = elementTypes[dtype].toNumbers(primary);
  const found = [...placed].flatMap(([index, value]) => {
    const [got = Number.NaN, want = Number.NaN] = [answers[index], expected[index]];
    return agrees(got, want, value, tolerances[dtype]) ? [] : [`${value} gives ${got} (must be ${want})`];
  });
  return [...new Set(found)];
}

function agrees(got: number, want: number, x: number, tolerance: number): boolean {
  if (Number.isNaN(want) || !Number.isFinite(want)) return Object.is(got, want);
  const scale = Math.max(1, Math.abs(want), Number.isFinite(x) ? Math.abs(x) : 0);
  return Math.abs(got - want) <= tolerance * scale;
}

/** By the reference, in float32, rounded to the case's data type. */
async function rightAnswers(question: BenchCase, inputs: CaseInputs): Promise<ArrayLike<number>> {
  const { activation, direction, dtype } = question;
  const { fromNumbers, toNumbers } = elementTypes[dtype];
  const [x, upstream] = [inputs.x, inputs.upstream].map((each) => Float32Array.from(toNumbers(each)));
  if (!x || !upstream) return [];
  const compiled = await createReferenceBackend().compile(activation, { ...specOf(question), dtype: 'float32' });
  const answers =
    direction === 'forward'
      ? (await compiled.forward({ x })).y
      : (await compiled.vjp({ x, upstream: { y: upstream } })).x;
  return toNumbers(fromNumbers(answers));
}

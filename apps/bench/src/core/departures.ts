/** What a peer answers to inputs that do not gate it: NaN, infinities, huge and subnormal values. Listed, not judged. */
import type { BenchCase, Candidate, CaseOutputs } from './candidate.ts';
import { timedInputs } from './case-data.ts';
import { expectedOutputs } from './exam.ts';
import { judge } from './gate.ts';
import type { Random } from './random.ts';

const probes = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1e-40,
  -1e-40,
];

/** One line per departure: `-Infinity gives NaN (must be -0)`. */
export async function departuresOf(candidate: Candidate, question: BenchCase, random: Random): Promise<string[]> {
  const found: string[] = [];
  const inputs = timedInputs(question, random);
  // A row each, because a row's statistic takes all its elements along.
  const rowLength = question.shape.at(-1) ?? 1;
  const positions = probes.map((_, row) => row * rowLength).filter((index) => index < inputs.x.length);
  for (const [probe, index] of positions.entries()) {
    inputs.x[index] = probes[probe] ?? 0;
    inputs.upstream[index] = 1;
  }
  const expected = await expectedOutputs(question, inputs);
  await candidate.enter?.();
  await candidate.prepare(inputs);
  await candidate.call(1);
  const outputs = await candidate.readOutputs();
  for (const index of positions) {
    const [got, want] = [outputs.primary[index] ?? Number.NaN, Math.fround(expected.primary[index] ?? Number.NaN)];
    if (!agrees(got, want, index, question, inputs.x[index] ?? 0))
      found.push(`${inputs.x[index]} gives ${got} (must be ${want})`);
  }
  return found;

  function agrees(got: number, want: number, index: number, { direction }: BenchCase, x: number): boolean {
    if (Number.isNaN(want)) return Number.isNaN(got);
    if (!Number.isFinite(want)) return got === want;
    const single = (value: number): CaseOutputs => ({ primary: [value], parameters: {} });
    const one = {
      x: Float32Array.of(Number.isFinite(x) ? x : 1),
      upstream: Float32Array.of(inputs.upstream[index] ?? 1),
    };
    return (
      judge(single(got), { ...question, direction }, { inputs: one, expected: single(want), slack: [] }, 'D') ===
      'passed'
    );
  }
}

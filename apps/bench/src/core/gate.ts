/**
 * The gate: a candidate is checked on the very configuration that is timed, before it is timed, and what the timed
 * calls computed is checked after. What fails gets a reason and no number.
 */
import type { BenchCase, Candidate, CaseInputs, CaseOutputs } from './candidate.ts';

/** Inputs with the float64 answers to them. Made once per case, used for every candidate. */
export interface Exam {
  readonly inputs: CaseInputs;
  readonly expected: CaseOutputs;
  /** How far each expected value moves when x moves by 2^-22 of itself: a rounded intermediate does as much. */
  readonly slack: ArrayLike<number>;
}

/** B is what generated kernels owe, D what frameworks reach (conformance.md). */
export type Grade = 'B' | 'D';

export type Verdict = 'passed' | (string & {});

/** Gives a candidate the exam. */
export async function gate(candidate: Candidate, question: BenchCase, exam: Exam, grade: Grade): Promise<Verdict> {
  await candidate.enter?.();
  await candidate.prepare(exam.inputs);
  await candidate.call(1);
  const outputs = await candidate.readOutputs();
  return judge(outputs, question, exam, grade);
}

const unit = 2 ** -24;
const smallestNormal = 2 ** -126;

/**
 * Judges outputs by bounds of conformance.md's form. They are wider than the suite's where a statistic is involved,
 * because they are not propagated through it: (64 + log2 n)·u of the largest term stands in.
 */
export function judge(
  outputs: CaseOutputs,
  question: BenchCase,
  { inputs, expected, slack }: Exam,
  grade: Grade,
): Verdict {
  const { x, upstream } = inputs;
  const depth = 65 + Math.ceil(Math.log2(Math.max(2, x.length)));
  const usesStatistic = question.activation.name === 'velu';
  const [a, c] = grade === 'B' ? [5, 2] : [4, 12];
  if (outputs.primary.length !== expected.primary.length) {
    return `must give ${expected.primary.length} values (gave ${outputs.primary.length})`;
  }
  let sumOfTerms = 0;
  for (let index = 0; index < expected.primary.length; index++) {
    const [want, got] = [expected.primary[index] ?? Number.NaN, outputs.primary[index] ?? Number.NaN];
    const scale = Math.max(1, Math.abs(x[index] ?? 0));
    const weight = question.direction === 'vjp' ? Math.abs(upstream[index] ?? 0) : 1;
    sumOfTerms += scale * weight;
    const bound = (a + 2) * unit * Math.abs(want) + c * unit * scale * Math.max(weight, smallestNormal);
    const tolerance =
      bound +
      (slack[index] ?? 0) +
      smallestNormal * scale * Math.max(1, weight) +
      (usesStatistic ? depth * unit * scale : 0);
    if (!(Math.abs(got - want) <= tolerance)) {
      return `x[${index}] = ${x[index]} gives ${got} (must be ${want} within ${tolerance.toExponential(1)})`;
    }
  }
  for (const [name, want] of Object.entries(expected.parameters)) {
    const got = outputs.parameters[name]?.[0] ?? Number.NaN;
    const tolerance = depth * unit * sumOfTerms;
    if (!(Math.abs(got - (want[0] ?? 0)) <= tolerance)) {
      return `gradient of ${name} is ${got} (must be ${want[0]} within ${tolerance.toExponential(1)})`;
    }
  }
  return 'passed';
}

/**
 * The gate: a candidate is checked by the conformance suite on the very configuration that is timed, before it is timed,
 * and what the timed calls computed is checked after. What fails gets a reason and no number.
 */
import { type CallResult, createGate, type OwedGrade } from '@isoact/core/conformance';
import type { BenchCase, Candidate, CaseInputs, CaseOutputs, Claims, Contender, DeviceSummary } from './candidate.ts';
import { outputLength, specOf } from './case-data.ts';
import { type Clock, timed } from './clock.ts';

/** 'passed', or the reason why not. */
export type Verdict = 'passed' | (string & {});

/** Inputs, and a judge of the answers to them. */
export interface Exam {
  readonly inputs: CaseInputs;
  judge(outputs: CaseOutputs): Verdict;
}

/** Peers promise nothing beyond finite numbers, and may add up in any order. */
const noClaims: Claims = { nan: 'any', signedZero: 'any', subnormals: 'any', sumDepth: (n) => n };

/** The numbers of a case, and whoever may judge the answers to them. */
export interface Paper {
  readonly inputs: CaseInputs;
  /** Whether it has no infinity, NaN or subnormal number. */
  readonly finite: boolean;
  judge(outputs: CaseOutputs, owed: OwedGrade, claims: Claims): Verdict;
}

/** @param options.finiteOnly without infinities, NaN and subnormals, as for peers and for what is timed. */
export function makePaper(question: BenchCase, { finiteOnly }: { readonly finiteOnly: boolean }): Paper {
  const { activation, direction } = question;
  const { data, finite, check } = createGate(activation, specOf(question), direction, {
    finiteOnly,
    ignoreState: true,
  });
  const x = Float32Array.from(data.x);
  return {
    finite,
    inputs: {
      x,
      upstream: data.upstream ? Float32Array.from(data.upstream.y) : new Float32Array(outputLength(question)),
    },
    judge: (outputs, owed, supports) => {
      const { passed, reason = 'no reason was given' } = check(resultOf(outputs, direction), { owed, supports });
      return passed ? 'passed' : reason;
    },
  };
}

/** A paper in the hands of one contender. */
export const examOf = (
  { inputs, judge }: Paper,
  { grade, claims = noClaims }: Pick<Contender, 'grade' | 'claims'>,
): Exam => ({ inputs, judge: (outputs) => judge(outputs, grade, claims) });

const resultOf = ({ primary, parameters }: CaseOutputs, direction: BenchCase['direction']): CallResult => ({
  [direction === 'forward' ? 'y' : 'x']: Float32Array.from(primary),
  ...Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, Float32Array.from(values)])),
});

/** Gives a candidate an exam. The call is its first, whose time is of interest too. */
export async function gate(
  candidate: Candidate,
  exam: Exam,
  device: DeviceSummary,
  clock: Clock,
): Promise<{ verdict: Verdict; callMs: number; judgeMs: number }> {
  await candidate.enter?.();
  await candidate.prepare(exam.inputs);
  const callMs = await timed(clock, () => candidate.call(1));
  const outputs = await candidate.readOutputs();
  const start = clock.now();
  const answer = exam.judge(outputs);
  const judgeMs = clock.now() - start;
  return { verdict: answer === 'passed' ? conduct(candidate, device) : answer, callMs, judgeMs };
}

/** Whether the named device did the work, and reported nothing. */
export function conduct(candidate: Candidate, { kind }: DeviceSummary): Verdict {
  const place = candidate.ranOn?.() ?? kind;
  if (place !== kind) return `must run on the ${kind} (ran on the ${place})`;
  const [error] = candidate.errors?.() ?? [];
  return error === undefined ? 'passed' : `the device reported: ${error}`;
}

/**
 * The gate: a candidate is checked by the conformance suite on the very configuration that is timed, before it is timed,
 * and what the timed calls computed is checked after. What fails gets a reason and no number.
 */
import { type CallResult, createGate, type OwedGrade } from '@isoact/core/conformance';
import type { BenchCase, Candidate, CaseInputs, CaseOutputs, Claims, DeviceSummary } from './candidate.ts';
import { type Clock, timed } from './clock.ts';

/** 'passed', or the reason why not. */
export type Verdict = 'passed' | (string & {});

/** Inputs, and a judge of the answers to them. */
export interface Exam {
  readonly inputs: CaseInputs;
  judge(outputs: CaseOutputs): Verdict;
}

/** Peers promise nothing beyond finite numbers, and may add up in any order. */
export const noClaims: Claims = { nan: 'any', signedZero: 'any', subnormals: 'any', sumDepth: (n) => n };

/** @param finiteOnly without infinities, NaN and subnormals, as for peers and for what is timed. */
export function makeExam(question: BenchCase, grade: OwedGrade, claims: Claims, finiteOnly: boolean): Exam {
  const { activation, direction, shape, dtype } = question;
  const { data, check } = createGate(activation, { shape, dtype }, direction, {
    owed: grade,
    supports: claims,
    finiteOnly,
    ignoreState: true,
  });
  const x = Float32Array.from(data.x);
  return {
    inputs: { x, upstream: data.upstream ? Float32Array.from(data.upstream.y) : new Float32Array(x.length) },
    judge: (outputs) => {
      const { passed, reason = 'no reason was given' } = check(resultOf(outputs, direction));
      return passed ? 'passed' : reason;
    },
  };
}

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
): Promise<{ verdict: Verdict; callMs: number }> {
  await candidate.enter?.();
  await candidate.prepare(exam.inputs);
  const callMs = await timed(clock, () => candidate.call(1));
  const answer = exam.judge(await candidate.readOutputs());
  return { verdict: answer === 'passed' ? conduct(candidate, device) : answer, callMs };
}

/** Whether the named device did the work, and reported nothing. */
export function conduct(candidate: Candidate, { kind }: DeviceSummary): Verdict {
  const place = candidate.ranOn?.() ?? kind;
  if (place !== kind) return `must run on the ${kind} (ran on the ${place})`;
  const [error] = candidate.errors?.() ?? [];
  return error === undefined ? 'passed' : `the device reported: ${error}`;
}

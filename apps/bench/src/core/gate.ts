/**
 * The gate: a candidate is checked by the conformance suite on the very configuration that is timed, before it is timed,
 * and what the timed calls computed is checked after. What fails gets a reason and no number.
 */
import { type CallResult, createGate, type OwedGrade } from '@isoact/core/conformance';
import type { BenchCase, Candidate, CaseInputs, CaseOutputs, Claims, Contender, DeviceSummary } from './candidate.ts';
import { outputLength, specOf } from './case-data.ts';
import { type Clock, timed } from './clock.ts';
import { type BenchDtype, type Elements, elementTypes } from './dtypes.ts';

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
  const { activation, direction, dtype } = question;
  const { data, finite, check } = createGate(activation, specOf(question), direction, {
    finiteOnly,
    ignoreState: true,
  });
  return {
    finite,
    inputs: {
      // The suite makes data in the type that it is asked for.
      x: data.x.slice() as Elements,
      upstream: data.upstream
        ? (data.upstream.y.slice() as Elements)
        : elementTypes[dtype].allocate(outputLength(question)),
    },
    judge: (outputs, owed, supports) => {
      if (dtype === 'float16' && !(outputs.primary instanceof Uint16Array))
        return 'must give float16 (gave other numbers)';
      const { passed, reason = 'no reason was given' } = check(resultOf(outputs, question), { owed, supports });
      return passed ? 'passed' : reason;
    },
  };
}

/** A paper in the hands of one contender. */
export const examOf = (
  { inputs, judge }: Paper,
  { grade, claims = noClaims }: Pick<Contender, 'grade' | 'claims'>,
): Exam => ({ inputs, judge: (outputs) => judge(outputs, grade, claims) });

function resultOf({ primary, parameters }: CaseOutputs, { direction, dtype }: BenchCase): CallResult {
  const { fromNumbers } = elementTypes[dtype];
  const inType = (values: ArrayLike<number>): Elements =>
    values instanceof Uint16Array ? values : fromNumbers(values);
  return {
    [direction === 'forward' ? 'y' : 'x']: inType(primary),
    ...Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, inType(values)])),
  };
}

/** Gives a candidate an exam. The call is its first, whose time is of interest too. */
export async function gate(
  candidate: Candidate,
  exam: Exam,
  device: DeviceSummary,
  dtype: BenchDtype,
  clock: Clock,
): Promise<{ verdict: Verdict; callMs: number; judgeMs: number }> {
  await candidate.enter?.();
  await candidate.prepare(exam.inputs);
  const callMs = await timed(clock, () => candidate.call(1));
  const outputs = await candidate.readOutputs();
  const start = clock.now();
  const answer = exam.judge(outputs);
  const judgeMs = clock.now() - start;
  return { verdict: answer === 'passed' ? conduct(candidate, device, dtype) : answer, callMs, judgeMs };
}

/** Whether the named device did the work, stored it in the type that was asked for, and reported nothing. */
export function conduct(candidate: Candidate, { kind }: DeviceSummary, dtype: BenchDtype): Verdict {
  const place = candidate.ranOn?.() ?? kind;
  if (place !== kind) return `must run on the ${kind} (ran on the ${place})`;
  const stored = candidate.stores?.() ?? dtype;
  if (stored !== dtype) return `must store ${dtype} (stored ${stored})`;
  const [error] = candidate.errors?.() ?? [];
  return error === undefined ? 'passed' : `the device reported: ${error}`;
}

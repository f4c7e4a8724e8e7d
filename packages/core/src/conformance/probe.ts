/** Runs one case against a backend, whatever the backend does: hang, throw, or give something else than arrays. */
import type { ActivationBackend, CompiledActivation, TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { UnsupportedError } from '../errors.ts';
import type { CallData, CallResult, Case, Probe } from './case.ts';
import { extentLabel } from './cases/arrange.ts';
import {
  type Answers,
  compare,
  type Owed,
  type PreparedAnswers,
  prepareAnswers,
  type Question,
  surplus,
} from './compare.ts';
import type { CompiledCache } from './compiled-cache.ts';
import { formats } from './formats.ts';
import type { Direction } from './oracle/oracle.ts';
import { createRandom, type Digest } from './random.ts';
import { type Asked, answersFrom, type SharedAnswers } from './shared-answers.ts';
import { Tally } from './tally.ts';
import { TimeLimitError, withinLimit } from './time-limit.ts';
import { reaches } from './tolerance.ts';

/**
 * A value beyond its bound; a law that does not hold; an error that was thrown; something else than the outputs that
 * were owed; a call that did not end.
 */
export type FaultKind = 'value' | 'law' | 'error' | 'form' | 'hang';

export interface CaseResult {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'unsupported';
  readonly tally: Tally;
  /** What went wrong, the first few of each kind. */
  readonly faults: readonly string[];
  /** Of which kinds the faults are. */
  readonly kinds: readonly FaultKind[];
  /** The extent of the activation that was called; null where its elements share nothing, or no call was made. */
  readonly extent: string | null;
  readonly timedOut: boolean;
}

export interface ProbeSettings {
  readonly backend: ActivationBackend;
  readonly compiled: CompiledCache;
  readonly owed: Owed;
  readonly dtype: TensorSpec['dtype'];
  readonly seed: number;
  readonly timeLimit: number;
  readonly digest: Digest;
  readonly answers?: SharedAnswers | undefined;
}

/** Stops a case whose backend says that it cannot do it. */
class Unsupported extends Error {}

const shownFaults = 8;

export async function runCase({ id, run }: Case, settings: ProbeSettings): Promise<CaseResult> {
  const { backend, compiled, owed, dtype, seed, timeLimit, digest, answers: shared } = settings;
  const tally = new Tally();
  const faults: string[] = [];
  const format = formats[dtype];
  const random = createRandom(seed, id);
  const kinds = new Set<FaultKind>();
  let extent: string | null | undefined;
  let timedOut = false;
  digest.text(id);

  const fault = (kind: FaultKind, reason: string): void => {
    kinds.add(kind);
    if (faults.length < shownFaults) faults.push(reason);
  };
  const fail = (reason: string): void => fault('law', reason);
  const limited = <T>(work: () => Promise<T>, what: string): Promise<T> =>
    // a backend that throws at once is treated like one that rejects
    withinLimit(new Promise<T>((resolve) => resolve(work())), timeLimit, what);
  const compile = (activation: Activation, spec: TensorSpec): Promise<CompiledActivation> =>
    limited(() => compiled.get(activation, spec), 'compile');

  /** Whatever happens, the case goes on, or ends as one fault. */
  const guarded = async (work: () => Promise<CallResult>): Promise<CallResult | null> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UnsupportedError) throw new Unsupported(error.message);
      if (error instanceof TimeLimitError) timedOut = true;
      fault(timedOut ? 'hang' : 'error', describeError(error));
      if (timedOut) throw error;
      return null;
    }
  };
  const answersTo = (question: Question, asked: Asked): Answers => {
    const { sample, elements } = asked;
    const make = (): PreparedAnswers =>
      prepareAnswers(
        question,
        // of its own, so that whoever finds the answers made draws the same data next
        sample === undefined ? undefined : { count: sample, pick: createRandom(seed, `sample of ${id}`).integer },
        elements && { only: (kind) => kind === 'field', elements },
      );
    return (shared ? answersFrom(shared, question, asked, make) : make())(owed);
  };
  const judged = (result: CallResult | null, question: Question, sample?: number): CallResult | null => {
    if (!result) return null;
    const answers = answersTo(question, { sample });
    for (const reason of compare(question, answers, result, owed, tally)) fault('form', reason);
    for (const reason of surplus(result, answers.outputs)) fault('form', reason);
    return result;
  };
  const make = async ({ activation, spec, direction, data }: Omit<Question, 'format'>): Promise<CallResult> => {
    const subject = await compile(activation, spec);
    return limited(() => invoke(subject, direction, data), direction);
  };
  const ask = (question: Question): Promise<CallResult | null> => guarded(() => make(question));
  const call: Probe['call'] = async (direction, activation, spec, data, sample) => {
    feed(digest, spec, data);
    extent ??= extentLabel(activation);
    const question = { activation, direction, spec, format, data };
    return judged(await ask(question), question, sample);
  };

  const probe: Probe = {
    format,
    random,
    supports: backend.supports,
    owed: owed.grade,
    finite: owed.finite ?? false,
    call,
    fail,
    callShared: async (shared, elements) => {
      if (!shared.result) feed(digest, shared.spec, shared.data);
      shared.result ??= make(shared);
      const { result } = shared;
      extent ??= extentLabel(shared.activation);
      const given = await guarded(() => result);
      if (!given) return;
      const question = { ...shared, format };
      const answers = answersTo(question, { elements });
      for (const reason of compare(question, answers, given, owed, tally)) fault('form', reason);
    },
    callTogether: async (direction, activation, spec, all) => {
      for (const data of all) feed(digest, spec, data);
      extent ??= extentLabel(activation);
      const first = await guarded(async () => {
        await compile(activation, spec);
        return {};
      });
      if (!first) return all.map(() => null);
      const questions = all.map((data) => ({ activation, direction, spec, format, data }));
      const results = await Promise.all(questions.map(ask));
      return results.map((result, k) => judged(result, questions[k] as Question));
    },
    mustRefuse: async (what, expected, attempt) => {
      try {
        await limited(() => attempt((activation, spec) => backend.compile(activation, spec)), `refusing ${what}`);
      } catch (error) {
        if (error instanceof UnsupportedError) throw new Unsupported(error.message);
        const name = error instanceof Error ? error.name : typeof error;
        if (name !== expected)
          fault('error', `${what} must be refused with a ${expected} (was ${describeError(error)})`);
        return;
      }
      fault('error', `${what} must be refused with a ${expected} (was accepted)`);
    },
  };

  let unsupported = false;
  try {
    await run(probe);
  } catch (error) {
    if (error instanceof Unsupported) unsupported = true;
    else if (!timedOut) fault('error', describeError(error));
  }
  if (!reaches(tally.grade, owed.grade)) fault('value', describeWorst(tally));
  const status = kinds.size > 0 ? 'failed' : unsupported ? 'unsupported' : 'passed';
  return { id, status, tally, faults, kinds: [...kinds], extent: extent ?? null, timedOut };
}

/** One call through the adapter contract; a penalty becomes an array like every other output. */
export async function invoke(compiled: CompiledActivation, direction: Direction, data: CallData): Promise<CallResult> {
  if (direction === 'forward') {
    const { y, penalty, state } = await compiled.forward(data);
    return { y, ...(penalty !== undefined && { penalty: Float64Array.of(penalty) }), ...state };
  }
  const { x, parameters } = await compiled.vjp({ ...data, upstream: data.upstream ?? { y: data.x } });
  return { x, ...parameters };
}

function feed(digest: Digest, spec: TensorSpec, data: CallData): void {
  digest.text(JSON.stringify(spec));
  // the first values of a large tensor stand for all: they come from one generator
  const arrays = [
    data.x,
    data.upstream?.y,
    ...Object.values(data.parameters ?? {}),
    ...Object.values(data.state ?? {}),
  ];
  for (const values of arrays) if (values) digest.data(values.subarray(0, 8192));
}

const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

export function describeWorst({ grade, worst }: Tally): string {
  if (!worst) return `grade ${grade}`;
  const { output, index, x, xBits, got, expected, ulps, share } = worst;
  const place = x === null ? '' : ` at x = ${x} (${xBits})`;
  return `${output}[${index}]${place} must be ${expected} (was ${got}): ${ulps.toPrecision(3)} ulp, ${share.toPrecision(3)} times the bound, grade ${grade}`;
}

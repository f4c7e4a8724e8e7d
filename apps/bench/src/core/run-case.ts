/** One case: open its candidates, gate them, warm them up, sample them in rounds, verify what was timed, sum up. */
import { UnsupportedError } from '@isoact/core';
import { breathe } from './breathe.ts';
import type { Deadline, Effort } from './budget.ts';
import type { BenchCase, Candidate, Contender, CopyContender } from './candidate.ts';
import { lengthOf } from './case-data.ts';
import { type Clock, timed } from './clock.ts';
import { coldSets, runCold } from './cold.ts';
import { departuresOf } from './departures.ts';
import { createExams, type Exams } from './exams.ts';
import { conduct, gate } from './gate.ts';
import { callsPerSample, warmUp, withStamps } from './lanes.ts';
import { seededRandom, seedFor } from './random.ts';
import { type ArithmeticRoof, notReached, type Result, unsupportedGate } from './report.ts';
import { hasTooFew, type RoundOptions, type Runner, runRounds } from './rounds.ts';
import { type Measured, roofOf, type Sentinel, sumUp } from './sum-up.ts';
import { withinLimit } from './time-limit.ts';

export interface CaseOptions {
  readonly effort: Effort;
  /** The case's share of the time. */
  readonly deadline: Deadline;
  /** When the case must be over, whatever it has not reached. */
  readonly end: Deadline;
  readonly clock: Clock;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** What is being done, for a person who waits. */
  readonly onStep: (step: string) => void;
  /** What the devices' arithmetic was measured to reach. */
  readonly arithmetic?: readonly ArithmeticRoof[];
}

interface Entrant extends Measured {
  readonly contender: Contender;
  runner?: Runner;
  /** What one judgement of its answers takes. */
  judgeMs?: number;
}

/** Measures every contender that offers the case. */
export async function runCase(
  question: BenchCase,
  contenders: readonly Contender[],
  copies: readonly CopyContender[],
  options: CaseOptions,
): Promise<{ results: Result[]; roofs: ReturnType<typeof roofOf>[] }> {
  const { effort, clock, seed, signal, onStep, deadline, end, arithmetic = [] } = options;
  const purpose = `${question.name}/${question.direction}/${question.shape}/${question.dtype}`;
  const random = seededRandom(seedFor(seed, purpose));
  const exams = createExams(question);
  const entrants: Entrant[] = [];
  const sentinels: Sentinel[] = [];
  try {
    for (const copy of copies) {
      onStep(`copy on ${copy.device.description}`);
      const runner = await openSentinel(copy, question, options);
      if (runner) sentinels.push({ device: copy.device, runner });
    }
    for (const contender of contenders.filter((each) => each.offers(question))) {
      if (!contender.dtypes.includes(question.dtype)) {
        entrants.push(without(contender, question));
        continue;
      }
      await breathe();
      signal.throwIfAborted();
      onStep(contender.subject);
      entrants.push(await enter(contender, question, exams, options));
    }
    // Samples are worth nothing without the time to judge what they computed.
    const judgingMs = entrants.reduce((sum, { judgeMs = 0 }) => sum + judgeMs, 0);
    const rounds: RoundOptions = {
      effort,
      deadline,
      end: end.less(judgingMs),
      clock,
      random,
      signal,
      onRound: (round, active) => onStep(`round ${round + 1}, ${active} candidates`),
    };
    const sets = Math.max(1, ...entrants.map(({ contender }) => coldSets(question, contender.device, effort)));
    const hot = sets > 1 ? { ...rounds, deadline: deadline.part(hotShare) } : rounds;
    await runRounds(
      [...entrants, ...sentinels].flatMap(({ runner }) => runner ?? []),
      hot,
    );
    for (const entrant of entrants) if (entrant.runner) await verify(entrant, question, exams, options);
    if (sets > 1 && end.leftMs() > judgingMs) await measureCold(question, entrants, sentinels, exams, sets, rounds);
    const roofs = sentinels.map((sentinel) => roofOf(question, sentinel, random));
    return {
      results: entrants.map((entrant) => sumUp(question, entrant, { roofs, sentinels, arithmetic, effort, random })),
      roofs,
    };
  } finally {
    for (const { runner } of [...entrants, ...sentinels]) await dispose(runner?.candidate);
  }
}

/** Of a case's time, what the rounds on resident data get where cold ones follow. */
const hotShare = 0.7;

/** The cold lane of what passed so far, and once more a look at what was timed. */
async function measureCold(
  question: BenchCase,
  entrants: readonly Entrant[],
  sentinels: readonly Sentinel[],
  exams: Exams,
  sets: number,
  options: RoundOptions,
): Promise<void> {
  const { effort } = options;
  const isCold = (device: Contender['device']): boolean => coldSets(question, device, effort) > 1;
  const passed = entrants.filter(
    ({ gate: verdict, contender, runner }) => verdict === 'passed' && runner && isCold(contender.device),
  );
  const watches = sentinels.filter(({ device }) => isCold(device));
  const [first] = passed;
  if (!first) return;
  const subjects = [
    ...passed.map((entrant) => ({ entrant, inputs: exams.timed(entrant.contender).inputs })),
    ...watches.map((entrant) => ({ entrant, inputs: exams.timed(first.contender).inputs })),
  ].flatMap(({ entrant, inputs }) => (entrant.runner ? [{ entrant, runner: entrant.runner, inputs }] : []));
  const runners = await runCold(subjects, sets, options);
  for (const [index, { entrant }] of subjects.entries()) {
    const runner = runners[index];
    if (!runner) continue;
    entrant.cold = { runner, sets };
    if ('contender' in entrant)
      entrant.gate = await verdictOf(runner, entrant.contender, question, exams, effort.hangMs);
  }
}

/** One that has other data types alone: it gets a row, so that nobody looks for it. */
const without = (contender: Contender, { dtype }: BenchCase): Entrant => ({
  contender,
  gate: unsupportedGate(`no ${dtype}`),
  departures: [],
});

/** Opens, gates and warms up one contender. Whatever goes wrong becomes its reason, and the run goes on. */
async function enter(contender: Contender, question: BenchCase, exams: Exams, options: CaseOptions): Promise<Entrant> {
  const entrant: Entrant = { contender, gate: 'passed', departures: [] };
  const { clock, effort, end } = options;
  let candidate: Candidate | undefined;
  const limited = <T>(work: Promise<T>, what: string) => withinLimit(work, Math.min(effort.hangMs, end.leftMs()), what);
  try {
    if (end.leftMs() === 0) throw new Error('the time was over');
    const entrance = exams.entrance(contender);
    const start = clock.now();
    candidate = await limited(contender.open(question), 'opening');
    const openMs = clock.now() - start;
    entrant.door = candidate.door;
    entrant.cost = candidate.cost;
    const { verdict, callMs, judgeMs } = await limited(
      gate(candidate, entrance, contender.device, question.dtype, clock),
      'the first call',
    );
    entrant.gate = verdict;
    entrant.judgeMs = judgeMs;
    entrant.firstCallMs = openMs + callMs;
    if (contender.kind === 'peer')
      entrant.departures = await limited(departuresOf(candidate, await exams.probes()), 'a call');
    if (entrant.gate === 'passed') {
      const { prepare } = candidate;
      const { inputs } = exams.timed(contender);
      entrant.uploadMs = await timed(clock, () => limited(prepare(inputs), 'the upload'));
      const runner = await limited(makeRunner(candidate, contender.device.kind, false, options), 'the warm-up');
      const { calibration } = runner;
      const fewestMs = calibration.callMs * callsPerSample(calibration) * effort.minimalSamples;
      entrant.tooSlow = fewestMs > effort.patienceMs;
      if (!entrant.tooSlow) {
        entrant.runner = runner;
        return entrant;
      }
    }
  } catch (error) {
    options.signal.throwIfAborted();
    entrant.gate = end.leftMs() === 0 ? notReached : gateOf(error);
  }
  await dispose(candidate);
  return entrant;
}

function gateOf(error: unknown): string {
  if (error instanceof UnsupportedError) return unsupportedGate(error.message);
  return `failed: ${error instanceof Error ? error.message : error}`;
}

const disposalMs = 5_000;

/** Gives memory back. What fails or hangs here has had its number already, or will not get one. */
async function dispose(candidate: Candidate | undefined): Promise<void> {
  if (candidate) await withinLimit(candidate.dispose(), disposalMs, 'disposal').catch(() => {});
}

/** A device without room for a copy has no roof; that does not end the run. */
async function openSentinel(copy: CopyContender, question: BenchCase, options: CaseOptions): Promise<Runner | null> {
  try {
    const opened = copy
      .open(lengthOf(question), question.dtype)
      .then((candidate) => makeRunner(candidate, copy.device.kind, true, options));
    return await withinLimit(opened, Math.min(options.effort.hangMs, options.end.leftMs()), 'the copy');
  } catch {
    options.signal.throwIfAborted();
    return null;
  }
}

async function makeRunner(
  candidate: Candidate,
  deviceKind: Runner['deviceKind'],
  sentinel: boolean,
  { clock, effort }: CaseOptions,
): Promise<Runner> {
  await candidate.enter?.();
  const warm = await warmUp(candidate, clock, effort);
  const calibration = await withStamps(candidate, warm);
  return { candidate, deviceKind, calibration, sentinel, samples: [], spentMs: 0 };
}

/** Checks what the last timed call left behind, and that the device reported no error on the way. */
async function verify(
  entrant: Entrant,
  question: BenchCase,
  exams: Exams,
  { clock, effort, end }: CaseOptions,
): Promise<void> {
  if (!entrant.runner) return;
  const start = clock.now();
  // Reading back may take of the time that is kept for the end, where the last sample came just before it.
  const limitMs = Math.min(effort.hangMs, end.leftMs() + effort.closingMs / 2);
  entrant.gate = await verdictOf(entrant.runner, entrant.contender, question, exams, limitMs);
  // A few samples of a right candidate are no number, and no fault of its own.
  if (entrant.gate === 'passed' && hasTooFew(entrant.runner, effort)) entrant.gate = notReached;
  if (entrant.gate === 'passed') entrant.readbackMs = clock.now() - start;
}

async function verdictOf(
  runner: Runner,
  contender: Contender,
  { dtype }: BenchCase,
  exams: Exams,
  hangMs: number,
): Promise<string> {
  if (runner.failure) return runner.failure;
  try {
    await runner.candidate.enter?.();
    const outputs = await withinLimit(runner.candidate.readOutputs(), hangMs, 'reading back');
    const verdict = exams.timed(contender).judge(outputs);
    return verdict === 'passed' ? conduct(runner.candidate, contender.device, dtype) : `timed calls: ${verdict}`;
  } catch (error) {
    return `failed to give its timed output: ${error instanceof Error ? error.message : error}`;
  }
}

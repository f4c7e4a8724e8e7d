/**
 * The cold lane. Calls that repeat on the same buffers find their data in the cache of a large GPU; here each call takes
 * the next of several sets, which hold 256 MB in sum, and a copy that rotates alike is the roof.
 */
import type { Effort } from './budget.ts';
import type { BenchCase, CaseInputs, DeviceSummary } from './candidate.ts';
import { idealBytes } from './case-data.ts';
import { warmUp } from './lanes.ts';
import { type RoundOptions, type Runner, runRounds } from './rounds.ts';
import { withinLimit } from './time-limit.ts';

/** Several times the last-level cache of any GPU. */
const totalBytes = 256e6;
/** Smaller sets than these are not worth their bind groups: so little data costs no bandwidth that matters. */
const mostSets = 512;

/** How many sets make a case cold on a device; 1 where it is cold already, or is not to be measured cold. */
export function coldSets(question: BenchCase, device: DeviceSummary, { cold }: Effort): number {
  const wanted = cold === 'always' || (cold === 'hardware' && device.kind === 'gpu' && !device.software);
  const sets = Math.ceil(totalBytes / idealBytes(question));
  return wanted && sets <= mostSets ? sets : 1;
}

/** A runner of the same candidate on rotating buffers, or null where it does not rotate or has no room. */
async function coldRunner(
  hot: Runner,
  inputs: CaseInputs,
  sets: number,
  options: RoundOptions,
): Promise<Runner | null> {
  const { candidate } = hot;
  const { clock, effort, end } = options;
  if (!candidate.rotates || hot.failure || end.leftMs() === 0) return null;
  const limited = <T>(work: Promise<T>, what: string) => withinLimit(work, Math.min(effort.hangMs, end.leftMs()), what);
  try {
    await candidate.enter?.();
    await limited(candidate.prepare(inputs, sets), 'placing the buffers');
    const warm = warmUp(candidate, clock, effort);
    const calibration = await limited(warm, 'the warm-up');
    return { ...hot, calibration, samples: [], spentMs: 0 };
  } catch {
    options.signal.throwIfAborted();
    return null;
  }
}

export interface ColdSubject {
  readonly runner: Runner;
  readonly inputs: CaseInputs;
}

/** Samples all subjects that rotate, the copies among them, and gives their cold runners in the same order. */
export async function runCold(
  subjects: readonly ColdSubject[],
  sets: number,
  options: RoundOptions,
): Promise<(Runner | null)[]> {
  const runners: (Runner | null)[] = [];
  for (const { runner, inputs } of subjects) runners.push(await coldRunner(runner, inputs, sets, options));
  await runRounds(
    runners.flatMap((runner) => runner ?? []),
    options,
  );
  return runners;
}

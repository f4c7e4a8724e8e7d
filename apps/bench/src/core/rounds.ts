/**
 * Rounds: every candidate of a case is sampled once per round, in an order drawn anew each time, with a copy of the
 * same bytes as a sentinel. So a machine that slows down, slows all alike, and is noticed.
 */
import { medianAbsoluteDeviation, median as medianOf, shuffle } from 'simple-statistics';
import { breathe } from './breathe.ts';
import type { Deadline, Effort } from './budget.ts';
import type { Candidate, DeviceSummary } from './candidate.ts';
import type { Clock } from './clock.ts';
import { type Calibration, type Sample, takeSample } from './lanes.ts';
import type { Random } from './random.ts';
import { notReached } from './report.ts';
import { relativeNoise } from './statistics.ts';
import { withinLimit } from './time-limit.ts';

/** A candidate on its way through the rounds. */
export interface Runner {
  readonly candidate: Candidate;
  readonly deviceKind: DeviceSummary['kind'];
  readonly calibration: Calibration;
  readonly sentinel: boolean;
  readonly samples: Sample[];
  spentMs: number;
  /** Why it was taken out, if it was. */
  failure?: string;
}

export interface RoundOptions {
  readonly effort: Effort;
  /** When the runners have had their share. */
  readonly deadline: Deadline;
  /** When nothing is sampled any more, not even for those that have too few samples. */
  readonly end: Deadline;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onRound?: (round: number, active: number) => void;
}

/** Samples all runners until each has enough, or the time is over. */
export async function runRounds(runners: readonly Runner[], options: RoundOptions): Promise<void> {
  const { effort, deadline, end, clock, random, signal, onRound } = options;
  const shareMs = Math.min(effort.longestMs, deadline.leftMs() / Math.max(1, runners.length));
  for (let round = 0; ; round++) {
    const active = runners.filter((runner) => !runner.failure && !runner.sentinel && !isDone(runner, shareMs, options));
    if (active.length === 0 || end.leftMs() === 0) return;
    const devices = new Set(active.map(({ deviceKind }) => deviceKind));
    const sentinels = runners.filter((runner) => runner.sentinel && !runner.failure && devices.has(runner.deviceKind));
    onRound?.(round, active.length);
    for (const runner of shuffle([...active, ...sentinels], random)) {
      await breathe();
      signal.throwIfAborted();
      if (end.leftMs() === 0) return;
      const start = clock.now();
      try {
        const sample = takeSample(runner.candidate, runner.calibration, round, clock, random);
        runner.samples.push(await withinLimit(sample, Math.min(effort.hangMs, end.leftMs()), 'a sample'));
      } catch (error) {
        const reason = `failed while it was timed: ${error instanceof Error ? error.message : error}`;
        runner.failure = end.leftMs() === 0 ? notReached : reason;
      }
      runner.spentMs += clock.now() - start;
    }
  }
}

/** More samples than this tell nothing new. */
const maximalSamples = 400;

function isDone(runner: Runner, shareMs: number, { effort, deadline }: RoundOptions): boolean {
  const { samples, spentMs } = runner;
  if (hasTooFew(runner, effort)) return false;
  if (deadline.leftMs() === 0 || spentMs >= shareMs || samples.length >= maximalSamples) return true;
  if (samples.length < effort.enoughSamples || spentMs < effort.enoughMs) return false;
  const slopes = valid(samples, 'slopeMs');
  return slopes.length >= effort.minimalSamples && relativeNoise(slopes) <= effort.noise;
}

/** Whether a number would stand on too few samples. Timings of no length do not count, up to a point. */
export function hasTooFew({ samples }: Runner, { minimalSamples }: Effort): boolean {
  const usable = Math.min(valid(samples, 'slopeMs').length, valid(samples, 'latencyMs').length);
  return usable < minimalSamples && samples.length < 3 * minimalSamples;
}

/** The usable values of one lane. */
export const valid = (samples: readonly Sample[], lane: 'latencyMs' | 'slopeMs' | 'gpuMs'): number[] =>
  samples.flatMap((sample) => sample[lane] ?? []);

/** A sentinel this far from its median, in robust standard deviations and as a share, marks a round as drifted. */
const driftDeviations = 4;
const driftShare = 0.1;

/** The rounds in which a sentinel says that the machine was not itself. */
export function driftedRounds(sentinel: readonly Sample[]): ReadonlySet<number> {
  const slopes = valid(sentinel, 'slopeMs');
  if (slopes.length < 3) return new Set();
  const middle = medianOf(slopes);
  const limit = Math.max(driftDeviations * 1.4826 * medianAbsoluteDeviation(slopes), driftShare * middle);
  return new Set(
    sentinel.flatMap(({ round, slopeMs }) => (slopeMs !== null && Math.abs(slopeMs - middle) > limit ? [round] : [])),
  );
}

export interface Kept {
  readonly samples: readonly Sample[];
  readonly dropped: number;
  /** Whether drifted rounds had to be kept, because too few would have been left. */
  readonly unsteady: boolean;
}

/** The samples outside of drifted rounds, or all of them where too few would be left. */
export function withoutDrift(samples: readonly Sample[], drifted: ReadonlySet<number>, minimal: number): Kept {
  const kept = samples.filter(({ round }) => !drifted.has(round));
  const usable = (each: readonly Sample[]): number => valid(each, 'slopeMs').length;
  const enough = usable(kept) >= Math.min(minimal, usable(samples));
  return enough
    ? { samples: kept, dropped: samples.length - kept.length, unsteady: false }
    : { samples, dropped: 0, unsteady: true };
}

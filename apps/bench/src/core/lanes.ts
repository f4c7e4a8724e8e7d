/**
 * The lanes of a measurement. Latency is one call with its completion. Throughput is the slope (T(2k) - T(k)) / k, which
 * cancels what every measurement pays once: submission, the wake-up of a waiting thread, the proof of completion.
 */
import type { Effort } from './budget.ts';
import type { Candidate } from './candidate.ts';
import { type Clock, timed } from './clock.ts';
import type { Random } from './random.ts';

/** What one round of one candidate gives. A timing that is not positive is null: the clock saw nothing. */
export interface Sample {
  readonly round: number;
  readonly latencyMs: number | null;
  readonly slopeMs: number | null;
  /** A call by the device's own timestamps; absent where it has none, or its steps are too coarse. */
  readonly gpuMs?: number | null;
}

export interface Calibration {
  /** Calls in the shorter of the two timings of a slope. */
  readonly calls: number;
  /** Roughly what a call takes. */
  readonly callMs: number;
  /** Whether what is paid once is lost in the noise of a call, so that one call is latency and slope. */
  readonly isLong: boolean;
  /** Calls between two timestamps, or null without that lane. */
  readonly stampCalls: number | null;
}

/** Calls in a sample of a candidate whose batches are of one call: one, or one and two for the slope. */
export const callsPerSample = ({ isLong }: Calibration): number => (isLong ? 1 : 3);

/** Longest batch of a slope, and most batches of a warm-up: an accidental no-op must not run for ever. */
const maximalCalls = 4096;
const maximalBatches = 200;

/**
 * Runs a candidate until its code is compiled, its clocks are up and `warmUpMs` have gone by; at least one call.
 * @returns how many calls make a batch of about `batchMs`.
 */
export async function warmUp(
  candidate: Candidate,
  clock: Clock,
  { warmUpMs, batchMs, longCallMs }: Effort,
): Promise<Calibration> {
  const start = clock.now();
  let calls = 1;
  let callMs = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < maximalBatches; batch++) {
    const batchStart = clock.now();
    await candidate.call(calls);
    const now = clock.now();
    callMs = Math.min(callMs, Math.max((now - batchStart) / calls, 1e-6));
    if (now - start >= warmUpMs) break;
    // Doubling, so that a fast call is soon measured in batches that the clock resolves.
    if (now - batchStart < batchMs / 2) calls = Math.min(maximalCalls, calls * 2);
  }
  return {
    calls: Math.max(1, Math.min(maximalCalls, Math.round(batchMs / callMs))),
    callMs,
    isLong: callMs >= longCallMs,
    stampCalls: null,
  };
}

/** A shorter window would be measured in too few steps of the timestamps. */
const quantaOfWindow = 50;

/** Adds the lane of timestamps: a batch, or as many calls as a window of 50 steps holds, or none where none does. */
export async function withStamps({ stamps }: Candidate, calibration: Calibration): Promise<Calibration> {
  if (!stamps) return calibration;
  for (let calls = calibration.calls; calls <= maximalCalls; calls *= 2) {
    if ((await stamps.time(calls)) >= quantaOfWindow * stamps.quantumNs) return { ...calibration, stampCalls: calls };
  }
  return calibration;
}

/** Times one round of a candidate. */
export async function takeSample(
  candidate: Candidate,
  { calls, isLong, stampCalls }: Calibration,
  round: number,
  clock: Clock,
  random: Random,
): Promise<Sample> {
  const time = (count: number) => timed(clock, () => candidate.call(count));
  await candidate.enter?.();
  const single = await time(1);
  let [short, long] = [single, 0];
  if (isLong) {
    long = 2 * single;
  } else if (calls === 1) {
    long = await time(2);
  } else if (random() < 0.5) {
    // In either order, so that a drift within the round pushes the slope both ways.
    short = await time(calls);
    long = await time(2 * calls);
  } else {
    long = await time(2 * calls);
    short = await time(calls);
  }
  const sample = { round, latencyMs: positive(single), slopeMs: positive((long - short) / calls) };
  if (!candidate.stamps || stampCalls === null) return sample;
  const windowNs = await candidate.stamps.time(stampCalls);
  return { ...sample, gpuMs: positive(windowNs / stampCalls / 1e6) };
}

const positive = (value: number): number | null => (value > 0 ? value : null);

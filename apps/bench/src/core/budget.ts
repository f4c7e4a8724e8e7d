/** How the time of a run is shared out, so that it ends when it was promised to. */
import type { Clock } from './clock.ts';

export interface Effort {
  readonly name: 'quick' | 'full';
  /** The whole command on two idle cores, its start and its end included; a package runner takes a few seconds before. */
  readonly totalMs: number;
  /** What of that is kept for the end: the last answers are checked, the report is drawn and written. */
  readonly closingMs: number;
  /**
   * How much longer a slow or busy machine may take, where the time alone would leave candidates out: they get their fewest
   * samples then.
   */
  readonly graceMs: number;
  /** Samples that a candidate gets whatever the time, unless they alone would take longer than `patienceMs`. */
  readonly minimalSamples: number;
  readonly patienceMs: number;
  /** What has not ended after this long, never will. */
  readonly hangMs: number;
  /** A candidate stops early with this many samples, this long spent, and noise below `noise`. */
  readonly enoughSamples: number;
  readonly enoughMs: number;
  readonly noise: number;
  /** The most that one candidate of a case may spend on samples. */
  readonly longestMs: number;
  readonly warmUpMs: number;
  /** Length of the shorter timing of a slope. */
  readonly batchMs: number;
  /** A call of this length is timed as it is, without a slope. */
  readonly longCallMs: number;
  /** Where calls are also timed on buffers that no cache holds. */
  readonly cold: 'hardware' | 'always' | 'never';
}

/** A minute on two cores: enough to see a factor, not a percent. */
export const quick: Effort = {
  name: 'quick',
  totalMs: 56_000,
  closingMs: 9_000,
  graceMs: 120_000,
  minimalSamples: 5,
  patienceMs: 4_000,
  hangMs: 20_000,
  enoughSamples: 15,
  enoughMs: 150,
  noise: 0.01,
  longestMs: 1_000,
  warmUpMs: 15,
  batchMs: 3,
  longCallMs: 10,
  cold: 'hardware',
};

/** Five minutes on two cores; the stop rules are NVBench's. */
export const full: Effort = {
  name: 'full',
  totalMs: 293_000,
  closingMs: 12_000,
  graceMs: 300_000,
  minimalSamples: 5,
  patienceMs: 12_000,
  hangMs: 60_000,
  enoughSamples: 30,
  enoughMs: 500,
  noise: 0.005,
  longestMs: 15_000,
  warmUpMs: 100,
  batchMs: 10,
  longCallMs: 250,
  cold: 'hardware',
};

/** The same effort in another time, which is kept whatever it leaves out. */
export const withinMs = (effort: Effort, totalMs: number): Effort => ({
  ...effort,
  totalMs,
  closingMs: Math.min(effort.closingMs, totalMs / 4),
  graceMs: 0,
});

/** A share of what is left of a run. */
export interface Deadline {
  readonly leftMs: () => number;
  /** Ends so much earlier. */
  readonly less: (milliseconds: number) => Deadline;
  /** An equal share of what is left, for the first of `parts`. */
  readonly share: (parts: number) => Deadline;
  /** This part of what is left, from 0 to 1. */
  readonly part: (part: number) => Deadline;
}

export function deadlineAfter(milliseconds: number, clock: Clock): Deadline {
  const end = clock.now() + milliseconds;
  const leftMs = () => Math.max(0, end - clock.now());
  const part = (share: number) => deadlineAfter(leftMs() * share, clock);
  const less = (each: number) => deadlineAfter(leftMs() - each, clock);
  return { leftMs, less, part, share: (parts) => part(1 / Math.max(1, parts)) };
}

/**
 * The whole run: cases one after the other, each with its share of the time. The report grows case by case and is
 * valid at every moment, so an abort loses only the case at hand.
 */

import { median } from 'simple-statistics';
import { deadlineAfter, type Effort } from './budget.ts';
import type { BenchCase, Found } from './candidate.ts';
import { type Clock, systemClock } from './clock.ts';
import { compareResults } from './comparisons.ts';
import { seededRandom, seedFor } from './random.ts';
import { type ArithmeticRoof, type Machine, type Report, type Result, schemaName } from './report.ts';
import { runCase } from './run-case.ts';
import { withinLimit } from './time-limit.ts';

export interface RunOptions {
  readonly effort: Effort;
  readonly cases: readonly BenchCase[];
  /** Cases that are measured while there is time. */
  readonly sweep?: readonly BenchCase[];
  readonly found: Found;
  readonly machine: Machine;
  readonly command: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Milliseconds that went by before the run, which its promise of an end includes. */
  readonly elapsedMs: number;
  readonly clock?: Clock;
  readonly onEvent: (event: RunEvent) => void;
}

export type RunEvent =
  | {
      readonly kind: 'step';
      readonly index: number;
      readonly question: BenchCase;
      readonly step: string;
      readonly leftMs: number;
    }
  | {
      readonly kind: 'case';
      readonly index: number;
      readonly question: BenchCase;
      readonly results: readonly Result[];
      readonly report: Report;
    };

const sweepWeight = 0.35;
/** Less time than this is not worth opening a case for. */
const shortestCaseMs = 2_000;

const outOfTime = ({ activation, direction, shape }: BenchCase) => ({
  subject: `${activation.name} ${direction} of ${shape.join('×')}`,
  reason: 'the time was over',
});

/** Runs all cases; on an abort, the report of those that were finished, with `complete: false`. */
export async function run(options: RunOptions): Promise<Report> {
  const { effort, cases, sweep = [], found, seed, signal, onEvent, clock = systemClock } = options;
  const start = clock.now() - options.elapsedMs;
  const deadline = deadlineAfter(effort.totalMs - options.elapsedMs, clock);
  const random = seededRandom(seedFor(seed, 'comparisons'));
  let report: Report = {
    schema: schemaName,
    createdAt: new Date().toISOString(),
    command: options.command,
    effort: effort.name,
    seed,
    complete: false,
    elapsedMs: 0,
    machine: options.machine,
    missing: [...found.missing],
    roofs: [],
    arithmetic: await measurePeaks(found, effort),
    results: [],
    comparisons: [],
  };
  for (const [index, question] of [...cases, ...sweep].entries()) {
    if (signal.aborted) break;
    const isMain = index < cases.length;
    if (!isMain && deadline.leftMs() < shortestCaseMs) {
      report = { ...report, missing: [...report.missing, outOfTime(question)] };
      continue;
    }
    // The main cases get the larger part, so that the smaller ones of the sweep only fill what is left.
    const ahead = isMain ? cases.length - index + sweep.length * sweepWeight : cases.length + sweep.length - index;
    const share = deadline.share(ahead);
    try {
      const { results, roofs } = await runCase(question, found.contenders, found.copies, {
        effort,
        deadline: share,
        clock,
        seed,
        signal,
        arithmetic: report.arithmetic,
        onStep: (step) => onEvent({ kind: 'step', index, question, step, leftMs: deadline.leftMs() }),
      });
      report = {
        ...report,
        elapsedMs: clock.now() - start,
        results: [...report.results, ...results],
        roofs: [...report.roofs, ...roofs.flatMap((roof) => roof ?? [])],
        comparisons: [...report.comparisons, ...compareResults(results, random)],
      };
      onEvent({ kind: 'case', index, question, results, report });
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
  }
  return { ...report, complete: !signal.aborted, elapsedMs: clock.now() - start };
}

/** What each device's arithmetic reaches, once for the run; a device that fails here has one roof less. */
async function measurePeaks({ peaks = [] }: Found, { hangMs }: Effort): Promise<ArithmeticRoof[]> {
  const roofs: ArithmeticRoof[] = [];
  for (const { device, measure } of peaks) {
    try {
      const samples = await withinLimit(measure(), hangMs, 'the arithmetic peak');
      roofs.push({ device, operationsPerSecond: median([...samples]), samples: [...samples] });
    } catch {
      // The copy is roof enough.
    }
  }
  return roofs;
}

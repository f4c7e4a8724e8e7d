/**
 * The whole run: cases one after the other, each with its share of the time. The report grows case by case and is
 * valid at every moment, so an abort loses only the case at hand.
 */

import { median } from 'simple-statistics';
import { deadlineAfter, type Effort } from './budget.ts';
import type { BenchCase, Found, Missing } from './candidate.ts';
import { type Clock, systemClock } from './clock.ts';
import { compareResults } from './comparisons.ts';
import { seededRandom, seedFor } from './random.ts';
import { type ArithmeticRoof, type Machine, notReached, type Report, type Result, schemaName } from './report.ts';
import { runCase } from './run-case.ts';
import { withinLimit } from './time-limit.ts';
import { questionText, shapeText } from './units.ts';

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
  /** Waited for between cases. */
  readonly onEvent: (event: RunEvent) => void | Promise<void>;
}

export type RunEvent =
  /** Nothing is measured yet, and the report says so. */
  | { readonly kind: 'start'; readonly report: Report }
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

const sweepWeight = 0.5;
/** Less time than this is not worth opening a case for. */
const shortestCaseMs = 2_000;

/** Why a case is not in a report. */
export const notMeasured = 'not measured: the run ended before';

/** What stands of a case in a report that was written before it was measured. */
const absent = ({ name, direction, shape, dtype }: BenchCase): Missing => ({
  subject: `${questionText(name, direction, dtype)} of ${shapeText(shape)}`,
  reason: notMeasured,
});

/** Runs all cases; where it ends early, the report of those that were finished, with `complete: false`. */
export async function run(options: RunOptions): Promise<Report> {
  const { effort, cases, sweep = [], found, seed, signal, onEvent, clock = systemClock } = options;
  const start = clock.now() - options.elapsedMs;
  const deadline = deadlineAfter(effort.totalMs - effort.closingMs - options.elapsedMs, clock);
  const end = deadlineAfter(deadline.leftMs() + effort.graceMs, clock);
  const all = [...cases, ...sweep];
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
    missing: [...found.missing, ...all.map(absent)],
    roofs: [],
    arithmetic: await measurePeaks(found, Math.min(effort.hangMs, deadline.leftMs())),
    results: [],
    comparisons: [],
  };
  await onEvent({ kind: 'start', report });
  let reached = 0;
  let whole = true;
  for (const [index, question] of all.entries()) {
    const isMain = index < cases.length;
    if (signal.aborted || (isMain ? end.leftMs() < 1 : deadline.leftMs() < shortestCaseMs)) break;
    // The main cases get the larger part, so that the smaller ones of the sweep only fill what is left.
    const ahead = isMain ? cases.length - index + sweep.length * sweepWeight : cases.length + sweep.length - index;
    const share = deadline.share(ahead);
    try {
      const { results, roofs } = await runCase(question, found.contenders, found.copies, {
        effort,
        deadline: share,
        // Beyond its share a case still gets the fewest samples: half of many cases would be worth nothing.
        end: isMain ? end : deadline,
        clock,
        seed,
        signal,
        arithmetic: report.arithmetic,
        onStep: (step) => onEvent({ kind: 'step', index, question, step, leftMs: deadline.leftMs() }),
      });
      reached = index + 1;
      if (isMain && results.some(({ gate }) => gate === notReached)) whole = false;
      report = {
        ...report,
        missing: [...found.missing, ...all.slice(reached).map(absent)],
        elapsedMs: clock.now() - start,
        results: [...report.results, ...results],
        roofs: [...report.roofs, ...roofs.flatMap((roof) => roof ?? [])],
        comparisons: [...report.comparisons, ...compareResults(results, random)],
      };
      await onEvent({ kind: 'case', index, question, results, report });
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
  }
  // Cases of the sweep are promised to nobody.
  const complete = !signal.aborted && reached >= cases.length && whole;
  return { ...report, complete, elapsedMs: clock.now() - start };
}

/** What each device's arithmetic reaches, once for the run; a device that fails here has one roof less. */
async function measurePeaks({ peaks = [] }: Found, limitMs: number): Promise<ArithmeticRoof[]> {
  const roofs: ArithmeticRoof[] = [];
  for (const { device, measure } of peaks) {
    try {
      const samples = await withinLimit(measure(), limitMs, 'the arithmetic peak');
      roofs.push({ device, operationsPerSecond: median([...samples]), samples: [...samples] });
    } catch {
      // The copy is roof enough.
    }
  }
  return roofs;
}

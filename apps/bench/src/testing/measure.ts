/** A run of planted contenders under a clock of the test's own. */
import { gelu } from '@isoact/core';
import { type Effort, full } from '../core/budget.ts';
import type { ArithmeticPeak, BenchCase, Contender, CopyContender } from '../core/candidate.ts';
import type { Report, Result } from '../core/report.ts';
import { run } from '../core/run.ts';
import type { FakeClock } from './fake-clock.ts';
import { plantedCopy } from './planted.ts';

export const question: BenchCase = {
  activation: gelu(),
  name: 'gelu',
  direction: 'forward',
  shape: [8, 8],
  dtype: 'float32',
};

export interface MeasureOptions {
  readonly copies?: readonly CopyContender[];
  readonly effort?: Effort;
  readonly signal?: AbortSignal;
  readonly cases?: readonly BenchCase[];
  readonly sweep?: readonly BenchCase[];
  readonly seed?: number;
  readonly peaks?: readonly ArithmeticPeak[];
}

export function measure(
  clock: FakeClock,
  contenders: readonly Contender[],
  {
    copies = [plantedCopy(clock)],
    effort = full,
    signal = new AbortController().signal,
    cases = [question],
    sweep = [],
    seed = 1,
    peaks = [],
  }: MeasureOptions = {},
): Promise<Report> {
  return run({
    effort,
    cases,
    sweep,
    found: { contenders, copies, peaks, missing: [], close: async () => {} },
    machine: { cpu: '', cores: 1, memoryBytes: 1, load: null, system: '', runtime: '', versions: {} },
    command: 'test',
    seed,
    signal,
    elapsedMs: 0,
    clock,
    onEvent: () => {},
  });
}

export function rowOf(report: Report, subject: string): Result {
  const row = report.results.find((each) => each.subject === subject);
  if (!row) throw new Error(`no row of ${subject}`);
  return row;
}

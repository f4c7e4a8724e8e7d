/** Runs the suite over one backend and reports. */
import type { ActivationBackend, Dtype } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import type { GroupName } from './case.ts';
import { probeClaims } from './claims.ts';
import { createCompiledCache } from './compiled-cache.ts';
import { createExpectations, type Expectations, type ExpectedFailure } from './expected-failures.ts';
import { directions, makeCases } from './make-cases.ts';
import type { Direction } from './oracle/oracle.ts';
import { type CaseResult, type ProbeSettings, runCase } from './probe.ts';
import { createDigest } from './random.ts';
import {
  type ActivationResult,
  type ClaimResult,
  type ConformanceReport,
  type Counts,
  type Failure,
  reported,
  reportSchema,
} from './report.ts';
import { type AnyDefinition, type TestedActivation, testedActivations } from './subjects.ts';
import { Tally } from './tally.ts';
import { now } from './time-limit.ts';
import { type OwedGrade, worse } from './tolerance.ts';

export interface ConformanceOptions {
  /** Definitions (with all their presets and options), activations as they are set, or names; the catalogue unless given. */
  readonly activations?: readonly (AnyDefinition | Activation | string)[] | undefined;
  readonly groups?: readonly GroupName[] | undefined;
  /** Fewer points and shapes. */
  readonly quick?: boolean | undefined;
  /** Cases with 2^24 elements too. */
  readonly huge?: boolean | undefined;
  readonly seed?: number | undefined;
  /** All that the backend claims unless given. */
  readonly dtypes?: readonly Dtype[] | undefined;
  /** What every value owes. Default 'B'. */
  readonly owed?: OwedGrade | undefined;
  /** Whether the first unexpected failure ends the run. */
  readonly bail?: boolean | undefined;
  readonly expected?: readonly ExpectedFailure[] | undefined;
  /** Milliseconds for each compile and each call. Default 20 000. */
  readonly timeLimit?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  readonly id: string;
  readonly status: CaseResult['status'] | 'expected failure';
  readonly done: number;
  readonly elapsedMs: number;
}

export const defaultSeed = 20_251_117;

/** After so many hangs of one activation, the rest of its cases is given up. */
const toleratedHangs = 2;

/**
 * The whole suite. It never throws for what a backend does: hanging, throwing and wrong answers are results.
 *
 * @example
 * ```ts
 * const report = await runConformance(createReferenceBackend(), { activations: ['relu'], quick: true });
 * report.passed;
 * ```
 */
export async function runConformance(
  backend: ActivationBackend,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const started = now();
  const { quick = false, huge = false, seed = defaultSeed, owed = 'B', timeLimit = 20_000 } = options;
  const digest = createDigest();
  const expectations = createExpectations(options.expected ?? [], backend);
  const claims = await probeClaims(backend, timeLimit);
  const results: ActivationResult[] = [];
  const failures: Failure[] = [];
  const disposal: string[] = [];
  let done = 0;
  let bailed = false;

  for (const tested of testedActivations(options.activations)) {
    for (const dtype of options.dtypes ?? backend.supports.dtypes) {
      const compiled = createCompiledCache(backend);
      const settings: ProbeSettings = {
        backend,
        compiled,
        owed: owedBy(backend, owed),
        dtype,
        seed,
        timeLimit,
        digest,
      };
      for (const direction of directions) {
        if (direction === 'vjp' && !backend.supports.gradients) continue;
        results.push(await runDirection(tested, direction, dtype, settings));
      }
      disposal.push(...compiled.dispose());
    }
  }

  const totals = results.reduce<Counts>(addCounts, noCounts);
  const unexpectedPasses = expectations.stale().map(({ id, reason }) => ({ id, reason }));
  const verdicts = [...verdictsOf(totals, unexpectedPasses.length, claims), ...new Set(disposal)];
  return {
    schema: reportSchema,
    backend: backend.name,
    device: backend.device,
    claims,
    owed,
    seed,
    quick,
    casesHash: digest.hex(),
    elapsedMs: now() - started,
    totals,
    results,
    failures,
    unexpectedPasses,
    verdicts,
    passed: verdicts.length === 0,
  };

  async function runDirection(
    tested: TestedActivation,
    direction: Direction,
    dtype: Dtype,
    settings: ProbeSettings,
  ): Promise<ActivationResult> {
    const collected = new Collector();
    const begun = now();
    let hangs = 0;
    for (const entry of makeCases(tested, direction, dtype, { groups: options.groups, quick, huge, seed })) {
      if (bailed) break;
      if (hangs >= toleratedHangs) {
        failures.push({ id: entry.id, faults: [`not run: the backend hung ${hangs} times before`], expected: false });
        collected.failWithoutRun(entry.group);
        continue;
      }
      const result = await runCase(entry, settings);
      if (result.timedOut) hangs++;
      const status = statusOf(result, expectations);
      if (result.status === 'failed')
        failures.push({ id: result.id, faults: result.faults, expected: status === 'expected failure' });
      collected.add(entry.group, result, status);
      done++;
      bailed = options.bail === true && status === 'failed';
      options.onProgress?.({ id: entry.id, status, done, elapsedMs: now() - started });
    }
    return collected.finish(tested.name, direction, dtype, now() - begun);
  }
}

export const owedBy = ({ supports }: ActivationBackend, grade: OwedGrade): ProbeSettings['owed'] => ({
  grade,
  claims: supports,
  sumDepth: supports.sumDepth,
});

/** The status of a case in the light of what is expected. */
export function statusOf(result: CaseResult, expectations: Expectations): Progress['status'] {
  expectations.note(result);
  return result.status === 'failed' && expectations.covers(result) ? 'expected failure' : result.status;
}

const noCounts: Counts = { cases: 0, passed: 0, failed: 0, expectedFailures: 0, unsupported: 0, values: 0 };
const addCounts = (one: Counts, two: Counts): Counts => ({
  cases: one.cases + two.cases,
  passed: one.passed + two.passed,
  failed: one.failed + two.failed,
  expectedFailures: one.expectedFailures + two.expectedFailures,
  unsupported: one.unsupported + two.unsupported,
  values: one.values + two.values,
});

function verdictsOf(totals: Counts, stale: number, claims: readonly ClaimResult[]): string[] {
  const wrongClaims = claims.filter(({ verdict }) => verdict.endsWith('-claim'));
  return [
    ...(totals.values === 0 ? ['nothing was compared'] : []),
    ...(totals.failed > 0 ? [`${totals.failed} of ${totals.cases} cases failed`] : []),
    ...(stale > 0 ? [`${stale} expected failures passed`] : []),
    ...wrongClaims.map(
      ({ claim, claimed, observed, verdict }) => `${verdict} of ${claim}: claimed ${claimed}, observed ${observed}`,
    ),
  ];
}

/** Gathers the results of one activation and direction. */
class Collector {
  private counts: Counts = noCounts;
  private readonly tally = new Tally();
  private readonly groups: Partial<Record<GroupName, { cases: number; failed: number; tally: Tally }>> = {};

  add(group: GroupName, { tally }: CaseResult, status: Progress['status']): void {
    const failed = status === 'failed' ? 1 : 0;
    this.counts = addCounts(this.counts, {
      cases: 1,
      passed: status === 'passed' ? 1 : 0,
      failed,
      expectedFailures: status === 'expected failure' ? 1 : 0,
      unsupported: status === 'unsupported' ? 1 : 0,
      values: tally.values,
    });
    this.tally.merge(tally);
    const entry = this.groupOf(group);
    entry.cases++;
    entry.failed += failed;
    entry.tally.merge(tally);
  }

  failWithoutRun(group: GroupName): void {
    this.counts = addCounts(this.counts, { ...noCounts, cases: 1, failed: 1 });
    this.tally.grade = worse(this.tally.grade, 'fail');
    this.groupOf(group).failed++;
  }

  finish(activation: string, direction: Direction, dtype: Dtype, elapsedMs: number): ActivationResult {
    const { grade, values, maxUlp, share, worst } = this.tally;
    return {
      activation,
      direction,
      dtype,
      grade: values > 0 ? grade : null,
      maxUlp: reported(maxUlp),
      p99Ulp: reported(this.tally.quantile(0.99)),
      share: reported(share),
      worst: worst && { ...worst, ulps: reported(worst.ulps), share: reported(worst.share) },
      groups: Object.fromEntries(
        Object.entries(this.groups).map(([name, group]) => [
          name,
          { cases: group.cases, failed: group.failed, grade: group.tally.values > 0 ? group.tally.grade : null },
        ]),
      ),
      elapsedMs,
      ...this.counts,
    };
  }

  private groupOf(name: GroupName) {
    let group = this.groups[name];
    if (!group) {
      group = { cases: 0, failed: 0, tally: new Tally() };
      this.groups[name] = group;
    }
    return group;
  }
}

/** Runs the suite over one backend and reports. */
import type { ActivationBackend, Dtype } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import type { GroupName } from './case.ts';
import { extentLabel } from './cases/arrange.ts';
import { probeClaims } from './claims.ts';
import { type CaseStatus, Collector } from './collector.ts';
import { createCompiledCache } from './compiled-cache.ts';
import { createExpectations, type Expectations, type ExpectedFailure, stale } from './expected-failures.ts';
import { directions, makeCases } from './make-cases.ts';
import type { Direction } from './oracle/oracle.ts';
import { type CaseResult, type ProbeSettings, runCase } from './probe.ts';
import { createDigest } from './random.ts';
import {
  type ClaimResult,
  type Counts,
  type Failure,
  joinedHash,
  reportedCapabilities,
  type SubjectReport,
  sumCounts,
} from './report.ts';
import type { SharedAnswers } from './shared-answers.ts';
import { type AnyDefinition, type TestedActivation, testedActivations } from './subjects.ts';
import { now } from './time-limit.ts';
import type { OwedGrade } from './tolerance.ts';

export interface ConformanceOptions {
  /** Definitions (with all their presets and options), activations as they are set, or names; the catalogue unless given. */
  readonly activations?: readonly (AnyDefinition | Activation | string)[] | undefined;
  readonly groups?: readonly GroupName[] | undefined;
  /** The same groups with fewer points, shapes and settings; `cases/quick.ts` and `cases/turns.ts` say which. */
  readonly quick?: boolean | undefined;
  /** Cases with 2^24 elements too. */
  readonly huge?: boolean | undefined;
  readonly seed?: number | undefined;
  /** All that the backend claims unless given. */
  readonly dtypes?: readonly Dtype[] | undefined;
  /** What every value owes. Default 'B'. */
  readonly owed?: OwedGrade | undefined;
  /**
   * Whether elements that are infinite or NaN ask for nothing, as for frameworks' own functions, which promise nothing
   * there. Default false.
   */
  readonly finite?: boolean | undefined;
  /** Whether the first unexpected failure ends the run. */
  readonly bail?: boolean | undefined;
  readonly expected?: readonly ExpectedFailure[] | undefined;
  /** Milliseconds for each compile and each call. Default 20 000. */
  readonly timeLimit?: number | undefined;
  /** Whether what the backend claims is probed; not again by parts of a run that has done so. Default true. */
  readonly claims?: boolean | undefined;
  /** Where answers are kept that another backend was asked for, or will be; see `createSharedAnswers`. */
  readonly answers?: SharedAnswers | undefined;
  /** Called after each case. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called before each case with its name, for whoever watches a backend that may take its process along. */
  readonly onCase?: ((id: string) => void) | undefined;
}

export interface Progress {
  readonly id: string;
  readonly status: CaseStatus;
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
): Promise<SubjectReport> {
  const started = now();
  const { quick = false, huge = false, seed = defaultSeed, owed = 'B', timeLimit = 20_000 } = options;
  const hashes: string[] = [];
  const expectations = createExpectations(options.expected ?? [], backend);
  const tested = testedActivations(options.activations);
  const claims = options.claims === false ? [] : await probeClaims(backend, tested, timeLimit);
  const collectors: Collector[] = [];
  const failures: Failure[] = [];
  const disposal: string[] = [];
  let done = 0;
  let bailed = false;

  for (const each of tested) {
    for (const dtype of options.dtypes ?? backend.supports.dtypes) {
      const compiled = createCompiledCache(backend);
      for (const direction of directions) {
        if (direction === 'vjp' && !backend.supports.gradients) continue;
        const digest = createDigest();
        const grade = { ...owedBy(backend, owed), finite: options.finite };
        await runDirection(each, direction, dtype, {
          backend,
          compiled,
          owed: grade,
          dtype,
          seed,
          timeLimit,
          digest,
          answers: options.answers,
        });
        hashes.push(digest.hex());
      }
      disposal.push(...compiled.dispose());
    }
  }

  const uses = expectations.uses();
  const results = collectors.flatMap((collector) => collector.finish(uses));
  const totals = sumCounts(results);
  const unexpectedPasses = stale(uses).map(({ id, reason }) => ({ id, reason }));
  const verdicts = [...verdictsOf(totals, unexpectedPasses.length, claims), ...new Set(disposal)];
  return {
    name: backend.name,
    device: backend.device,
    supports: reportedCapabilities(backend.supports),
    claims,
    owed,
    seed,
    quick,
    casesHash: joinedHash(hashes),
    elapsedMs: now() - started,
    totals,
    results,
    failures,
    expectations: uses,
    unexpectedPasses,
    verdicts,
    passed: verdicts.length === 0,
  };

  async function runDirection(
    tested: TestedActivation,
    direction: Direction,
    dtype: Dtype,
    settings: ProbeSettings,
  ): Promise<void> {
    const extent = extentLabel(tested.activation);
    const collector = new Collector({ activation: tested.name, direction, dtype, extent });
    collectors.push(collector);
    let hangs = 0;
    for (const entry of makeCases(tested, direction, dtype, { groups: options.groups, quick, huge, seed })) {
      if (bailed) break;
      if (hangs >= toleratedHangs) {
        failures.push({ id: entry.id, faults: [`not run: the backend hung ${hangs} times before`], expected: false });
        collector.failWithoutRun(entry.group);
        continue;
      }
      const begun = now();
      options.onCase?.(entry.id);
      const result = await runCase(entry, settings);
      if (result.timedOut) hangs++;
      const { status, named } = statusOf(result, expectations);
      if (result.status === 'failed')
        failures.push({ id: result.id, faults: result.faults, expected: status === 'expected failure' });
      collector.add(entry.group, result, status, named, now() - begun);
      done++;
      bailed = options.bail === true && status === 'failed';
      options.onProgress?.({ id: entry.id, status, done, elapsedMs: now() - started });
    }
  }
}

export const owedBy = ({ supports }: ActivationBackend, grade: OwedGrade): ProbeSettings['owed'] => ({
  grade,
  claims: supports,
  sumDepth: supports.sumDepth,
});

/** The status of a case in the light of what is expected, and the expected failures that name it, by id. */
export function statusOf(
  result: CaseResult,
  expectations: Expectations,
): { readonly status: CaseStatus; readonly named: readonly string[] } {
  const named = expectations.note(result);
  const known = result.status === 'failed' && expectations.covers(result);
  return { status: known ? 'expected failure' : result.status, named };
}

export function verdictsOf(totals: Counts, stale: number, claims: readonly ClaimResult[]): string[] {
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

/** The report of a run: versioned JSON, the same for every backend. */
import type { Capabilities, DeviceInfo, Dtype } from '../adapter.ts';
import type { GroupName } from './case.ts';
import type { Direction } from './oracle/oracle.ts';
import { createDigest } from './random.ts';
import type { WorstValue } from './tally.ts';
import type { Grade, OwedGrade } from './tolerance.ts';

export const reportSchema = 'isoact.conformance/1';

/** JSON has no infinities. */
export type ReportedNumber = number | 'Infinity';
export const reported = (value: number): ReportedNumber => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value);

export interface Counts {
  /** Cases that ran; a case is one call, or a few that belong together. */
  readonly cases: number;
  readonly passed: number;
  /** Failed, and not expected to. */
  readonly failed: number;
  readonly expectedFailures: number;
  /** The backend refused, with an UnsupportedError. */
  readonly unsupported: number;
  /** Numbers that were compared. */
  readonly values: number;
}

export interface ActivationResult extends Counts {
  readonly activation: string;
  readonly direction: Direction;
  readonly dtype: Dtype;
  /** Of the activation's statistics; null where its elements share none. */
  readonly extent: string | null;
  /** The ids of the expected failures that name one of these cases. */
  readonly expectations: readonly string[];
  /** How many of them passed in all of their cases. */
  readonly unexpectedPasses: number;
  /** The best grade that every value meets; null where no value was compared. */
  readonly grade: Grade | null;
  readonly maxUlp: ReportedNumber;
  readonly p99Ulp: ReportedNumber;
  /** The greatest part of the owed bound that any value used. */
  readonly share: ReportedNumber;
  readonly worst:
    | (Omit<WorstValue, 'ulps' | 'share'> & { readonly ulps: ReportedNumber; readonly share: ReportedNumber })
    | null;
  readonly groups: Readonly<
    Partial<Record<GroupName, { readonly cases: number; readonly failed: number; readonly grade: Grade | null }>>
  >;
  readonly elapsedMs: number;
}

export interface Failure {
  readonly id: string;
  readonly faults: readonly string[];
  readonly expected: boolean;
}

/** How a claim of `supports` compares with what was seen. */
export interface ClaimResult {
  readonly claim: string;
  readonly claimed: string;
  readonly observed: string;
  readonly verdict: 'confirmed' | 'over-claim' | 'under-claim' | 'open';
}

/** How often the cases of an expected failure ran, and failed. */
export interface ExpectationUse {
  readonly id: string;
  readonly reason: string;
  readonly ran: number;
  readonly failed: number;
}

/** `Capabilities` as JSON: a depth is given for some lengths. */
export type ReportedCapabilities = Omit<Capabilities, 'sumDepth'> & {
  readonly sumDepth: Readonly<Record<string, number>>;
};

export function reportedCapabilities({ sumDepth, ...others }: Capabilities): ReportedCapabilities {
  const lengths = [1, 2 ** 10, 2 ** 20];
  return { ...others, sumDepth: Object.fromEntries(lengths.map((length) => [length, sumDepth(length)])) };
}

/** What one backend did. */
export interface SubjectReport {
  readonly name: string;
  readonly device: DeviceInfo;
  readonly supports: ReportedCapabilities;
  readonly claims: readonly ClaimResult[];
  readonly owed: OwedGrade;
  readonly seed: number;
  readonly quick: boolean;
  /** Of every input that was fed in: equal hashes, equal questions. */
  readonly casesHash: string;
  readonly elapsedMs: number;
  readonly totals: Counts;
  readonly results: readonly ActivationResult[];
  readonly failures: readonly Failure[];
  readonly expectations: readonly ExpectationUse[];
  /** Expected failures that passed. */
  readonly unexpectedPasses: readonly { readonly id: string; readonly reason: string }[];
  /** Why the run failed as a whole; empty where it passed. */
  readonly verdicts: readonly string[];
  readonly passed: boolean;
}

/** What became of the deliberately wrong backends; a total of 0 where none was run. */
export interface MutantsReport {
  readonly killed: number;
  readonly total: number;
  readonly survivors: readonly string[];
}

export interface ConformanceReport {
  readonly schema: typeof reportSchema;
  readonly seed: number;
  readonly casesHash: string;
  readonly subjects: readonly SubjectReport[];
  readonly mutants: MutantsReport;
  readonly passed: boolean;
}

/** The report of several subjects. It passes where there is something in it and nothing in it failed. */
export function conformanceReport(
  subjects: readonly SubjectReport[],
  seed: number,
  mutants: MutantsReport = { killed: 0, total: 0, survivors: [] },
): ConformanceReport {
  return {
    schema: reportSchema,
    seed,
    casesHash: joinedHash(subjects.map(({ casesHash }) => casesHash)),
    subjects,
    mutants,
    passed:
      subjects.length + mutants.total > 0 && subjects.every(({ passed }) => passed) && mutants.survivors.length === 0,
  };
}

/** One hash of several, whatever their order and however often each is there. */
export function joinedHash(hashes: readonly string[]): string {
  const different = [...new Set(hashes)].sort();
  if (different.length === 1) return different[0] as string;
  const digest = createDigest();
  digest.text(different.join());
  return digest.hex();
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
export const sumCounts = (counts: readonly Counts[]): Counts => counts.reduce(addCounts, noCounts);

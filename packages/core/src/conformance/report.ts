/** The report of a run: versioned JSON, the same for every backend. */
import type { DeviceInfo, Dtype } from '../adapter.ts';
import type { GroupName } from './case.ts';
import type { Direction } from './oracle/oracle.ts';
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

export interface ConformanceReport {
  readonly schema: typeof reportSchema;
  readonly backend: string;
  readonly device: DeviceInfo;
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
  /** Expected failures that passed. */
  readonly unexpectedPasses: readonly { readonly id: string; readonly reason: string }[];
  /** Why the run failed as a whole; empty where it passed. */
  readonly verdicts: readonly string[];
  readonly passed: boolean;
}

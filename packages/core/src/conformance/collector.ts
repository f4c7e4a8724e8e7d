/** Gathers the results of one activation, direction and data type, one row for each extent. */
import type { Dtype } from '../adapter.ts';
import type { GroupName } from './case.ts';
import { countStale } from './expected-failures.ts';
import type { Direction } from './oracle/oracle.ts';
import type { CaseResult } from './probe.ts';
import { type ActivationResult, type Counts, type ExpectationUse, reported } from './report.ts';
import { Tally } from './tally.ts';
import { worse } from './tolerance.ts';

export type CaseStatus = CaseResult['status'] | 'expected failure';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Group {
  cases: number;
  failed: number;
  readonly tally: Tally;
}
interface Row {
  readonly counts: Mutable<Counts>;
  readonly tally: Tally;
  readonly groups: Map<GroupName, Group>;
  readonly expected: Set<string>;
  elapsedMs: number;
}

const counted = {
  passed: 'passed',
  failed: 'failed',
  'expected failure': 'expectedFailures',
  unsupported: 'unsupported',
} as const satisfies Record<CaseStatus, keyof Counts>;

interface CollectorSubject {
  readonly activation: string;
  readonly direction: Direction;
  readonly dtype: Dtype;
  /** The activation's own. */
  readonly extent: string | null;
}

export class Collector {
  private readonly rows = new Map<string | null, Row>();

  private readonly subject: CollectorSubject;

  constructor(subject: CollectorSubject) {
    this.subject = subject;
  }

  add(group: GroupName, result: CaseResult, status: CaseStatus, expected: readonly string[], elapsedMs: number): void {
    const row = this.rowOf(result.extent);
    const { counts, tally, groups } = row;
    counts.cases++;
    counts[counted[status]]++;
    counts.values += result.tally.values;
    tally.merge(result.tally);
    for (const id of expected) row.expected.add(id);
    const entry = groupOf(groups, group);
    entry.cases++;
    if (status === 'failed') entry.failed++;
    entry.tally.merge(result.tally);
    row.elapsedMs += elapsedMs;
  }

  failWithoutRun(group: GroupName): void {
    const { counts, tally, groups } = this.rowOf(null);
    counts.cases++;
    counts.failed++;
    tally.grade = worse(tally.grade, 'fail');
    groupOf(groups, group).failed++;
  }

  finish(uses: readonly ExpectationUse[]): ActivationResult[] {
    const { activation, direction, dtype } = this.subject;
    return [...this.rows].map(([extent, { counts, tally, groups, expected, elapsedMs }]) => ({
      activation,
      direction,
      dtype,
      extent,
      grade: tally.values > 0 ? tally.grade : null,
      ...counts,
      expectations: [...expected],
      unexpectedPasses: countStale([...expected], uses),
      maxUlp: reported(tally.maxUlp),
      p99Ulp: reported(tally.quantile(0.99)),
      share: reported(tally.share),
      worst: tally.worst && {
        ...tally.worst,
        ulps: reported(tally.worst.ulps),
        share: reported(tally.worst.share),
      },
      groups: Object.fromEntries(
        [...groups].map(([name, group]) => [
          name,
          { cases: group.cases, failed: group.failed, grade: group.tally.values > 0 ? group.tally.grade : null },
        ]),
      ),
      elapsedMs,
    }));
  }

  /** A case that made no call counts for the activation's own extent. */
  private rowOf(called: string | null): Row {
    const extent = called ?? this.subject.extent;
    let row = this.rows.get(extent);
    if (!row) {
      const counts = { cases: 0, passed: 0, failed: 0, expectedFailures: 0, unsupported: 0, values: 0 };
      row = { counts, tally: new Tally(), groups: new Map(), expected: new Set(), elapsedMs: 0 };
      this.rows.set(extent, row);
    }
    return row;
  }
}

function groupOf(groups: Map<GroupName, Group>, name: GroupName): Group {
  let group = groups.get(name);
  if (!group) {
    group = { cases: 0, failed: 0, tally: new Tally() };
    groups.set(name, group);
  }
  return group;
}

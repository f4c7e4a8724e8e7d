/** Failures that are known, each with its reason and the worst that it may be. */
import type { ActivationBackend } from '../adapter.ts';
import type { CaseResult, FaultKind } from './probe.ts';
import type { ExpectationUse } from './report.ts';

/**
 * It covers values that are wrong within its bound, and broken laws only where it says so. It never covers a
 * backend that throws or hangs, or gives something else than the outputs that it owes.
 */
export interface ExpectedFailure {
  /** activation/group/direction/name of the cases; * stands for any characters. */
  readonly id: string;
  /** Which backends and devices it holds for; a device is matched by a part of its description, without case. */
  readonly when?: { readonly backend?: string; readonly device?: string };
  readonly reason: string;
  /** The largest error, in ulp, that is still this failure and not another; for wrong answers without a size, Infinity. */
  readonly maxUlp: number;
  /** Whether a broken law is this failure too, such as equal elements with unequal results. */
  readonly laws?: boolean;
}

interface Use {
  readonly entry: ExpectedFailure;
  readonly pattern: RegExp;
  ran: number;
  failed: number;
}

export interface Expectations {
  /** Whether a failed case is a known one, no worse than known. */
  covers(result: CaseResult): boolean;
  /** Called for every case that ran; gives the entries that name it, by id. */
  note(result: CaseResult): readonly string[];
  uses(): ExpectationUse[];
}

/** Entries all of whose cases passed. */
export const stale = (uses: readonly ExpectationUse[]): ExpectationUse[] => uses.filter(isStale);
const isStale = ({ ran, failed }: ExpectationUse): boolean => ran > 0 && failed === 0;

/** How many of the entries with these ids are stale. */
export const countStale = (ids: readonly string[], uses: readonly ExpectationUse[]): number =>
  uses.filter((use) => isStale(use) && ids.includes(use.id)).length;

export function createExpectations(entries: readonly ExpectedFailure[], backend: ActivationBackend): Expectations {
  const uses = entries
    .filter((entry) => appliesTo(entry, backend))
    .map((entry): Use => ({ entry, pattern: patternOf(entry.id), ran: 0, failed: 0 }));
  return {
    covers: (result) =>
      uses.some(({ entry, pattern }) => pattern.test(result.id) && result.kinds.every(coveredBy(entry, result))),
    note: ({ id, status }) =>
      uses.flatMap((use) => {
        if (!use.pattern.test(id)) return [];
        use.ran++;
        if (status !== 'passed') use.failed++;
        return [use.entry.id];
      }),
    uses: () => uses.map(({ entry: { id, reason }, ran, failed }) => ({ id, reason, ran, failed })),
  };
}

const coveredBy =
  ({ maxUlp, laws = false }: ExpectedFailure, { tally }: CaseResult) =>
  (kind: FaultKind): boolean =>
    kind === 'value' ? tally.maxUlp <= maxUlp : kind === 'law' && laws;

function appliesTo({ when }: ExpectedFailure, { name, device }: ActivationBackend): boolean {
  if (when?.backend !== undefined && when.backend !== name) return false;
  if (when?.device === undefined) return true;
  const text = [device.vendor, device.architecture, device.description].join(' ').toLowerCase();
  return text.includes(when.device.toLowerCase());
}

const patternOf = (id: string): RegExp =>
  new RegExp(
    `^${id
      .split('*')
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );

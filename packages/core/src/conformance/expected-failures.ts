/** Failures that are known, each with its reason and the worst that it may be. */
import type { ActivationBackend } from '../adapter.ts';
import type { CaseResult } from './probe.ts';

export interface ExpectedFailure {
  /** activation/group/direction/name of the cases; * stands for any characters. */
  readonly id: string;
  /** Which backends and devices it holds for; a device is matched by a part of its description, without case. */
  readonly when?: { readonly backend?: string; readonly device?: string };
  readonly reason: string;
  /** The largest error, in ulp, that is still this failure and not another; for wrong answers without a size, Infinity. */
  readonly maxUlp: number;
}

interface ExpectationUse {
  readonly entry: ExpectedFailure;
  ran: number;
  failed: number;
}

export interface Expectations {
  /** Whether a failed case is a known one, no worse than known. */
  covers(result: CaseResult): boolean;
  /** Called for every case that ran. */
  note(result: CaseResult): void;
  /** Entries all of whose cases passed. */
  stale(): ExpectedFailure[];
}

export function createExpectations(entries: readonly ExpectedFailure[], backend: ActivationBackend): Expectations {
  const uses: ExpectationUse[] = entries
    .filter((entry) => appliesTo(entry, backend))
    .map((entry) => ({ entry, ran: 0, failed: 0 }));
  const patterns = new Map(uses.map(({ entry }) => [entry, patternOf(entry.id)]));
  const matching = (id: string): ExpectationUse[] => uses.filter(({ entry }) => patterns.get(entry)?.test(id));
  return {
    covers: ({ id, tally }) => matching(id).some(({ entry }) => tally.maxUlp <= entry.maxUlp),
    note: ({ id, status }) => {
      for (const use of matching(id)) {
        use.ran++;
        if (status !== 'passed') use.failed++;
      }
    },
    stale: () => uses.filter(({ ran, failed }) => ran > 0 && failed === 0).map(({ entry }) => entry),
  };
}

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

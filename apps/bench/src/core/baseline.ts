/**
 * Against an earlier run. Times of two runs are not compared as they are: each is first divided by its own run's copy of
 * the same elements on the same device, so that a machine in another mood cancels.
 */

import { median } from 'simple-statistics';
import { inCopies } from './copies.ts';
import { mannWhitney } from './mann-whitney.ts';
import type { Report, Result } from './report.ts';
import { questionText } from './units.ts';
import { alpha } from './verdict.ts';

export interface Slower {
  readonly subject: string;
  readonly question: string;
  /** New time over old, in copies. */
  readonly ratio: number;
}

/** A run on another day differs by this much without a reason. */
const tolerated = 1.15;

/** The rows that got slower beyond doubt and beyond what a day's mood explains. */
export function compareWithBaseline(report: Report, baseline: Report): Slower[] {
  return report.results.flatMap((row) => {
    const old = baseline.results.find((other) => keyOf(other) === keyOf(row));
    const [now, before] = [inCopies(row, report), old ? inCopies(old, baseline) : null];
    if (!now || !before) return [];
    const ratio = median(now) / median(before);
    if (ratio < tolerated || mannWhitney(now, before) >= alpha) return [];
    const { subject, activation, direction, dtype } = row;
    return [{ subject, question: questionText(activation, direction, dtype), ratio }];
  });
}

/** What two runs have in common. */
export const keyOf = (row: Result): string =>
  [row.subject, row.activation, row.direction, row.shape.join('x'), row.dtype, row.door, row.device.description].join(
    '|',
  );

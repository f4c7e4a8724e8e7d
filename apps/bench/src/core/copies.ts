/** Times in copies: two runs are compared only after each is divided by its own copy of the same elements. */
import { rankClass } from './comparisons.ts';
import type { Report, Result } from './report.ts';

/** The samples of a row over the median of its own run's copy, or null where either is missing. */
export function inCopies(row: Result, report: Report): number[] | null {
  const elements = row.shape.reduce((product, length) => product * length, 1);
  const roof = report.roofs.find(
    (each) =>
      each.run === row.run &&
      rankClass(each) === rankClass(row) &&
      each.elements === elements &&
      each.dtype === row.dtype,
  );
  if (!row.throughput || !roof) return null;
  return row.throughput.callMs.samples.map((sample) => sample / roof.callMs.median);
}

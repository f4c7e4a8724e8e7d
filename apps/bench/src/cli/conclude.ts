/** What a run means for the program that called the command. */
import { compareWithBaseline } from '../core/baseline.ts';
import { isWrong, type Report } from '../core/report.ts';
import { exitCodes } from './exit-codes.ts';
import { wrapped } from './table.ts';

/** Says what is wrong or slower, line by line. @returns the exit code. */
export function conclude(
  report: Report,
  baseline: Report | null,
  interrupted: boolean,
  out: (text: string) => void,
): number {
  const wrong = report.results.filter(isWrong);
  for (const { subject, activation, direction, gate } of wrong) {
    for (const line of wrapped(`wrong: ${subject} ${activation} ${direction}, ${gate}`)) out(line);
  }
  const slower = baseline ? compareWithBaseline(report, baseline) : [];
  for (const { subject, activation, direction, ratio } of slower) {
    out(`  slower than the baseline: ${subject} ${activation} ${direction}, ${ratio.toFixed(2)} times its time`);
  }
  if (interrupted) return exitCodes.interrupted;
  if (wrong.length > 0) return exitCodes.wrong;
  return slower.length > 0 ? exitCodes.slower : exitCodes.fine;
}

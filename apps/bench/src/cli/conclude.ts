/** What a run means for the program that called the command. */
import { compareWithBaseline } from '../core/baseline.ts';
import { isWrong, type Report } from '../core/report.ts';
import { questionText } from '../core/units.ts';
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
  for (const { subject, activation, direction, dtype, gate } of wrong) {
    const question = questionText(activation, direction, dtype);
    for (const line of wrapped(`wrong: ${subject} ${question}, ${gate}`)) out(line);
  }
  const slower = baseline ? compareWithBaseline(report, baseline) : [];
  for (const { subject, question, ratio } of slower) {
    out(`  slower than the baseline: ${subject} ${question}, ${ratio.toFixed(2)} times its time`);
  }
  if (interrupted) return exitCodes.interrupted;
  if (wrong.length > 0) return exitCodes.wrong;
  return slower.length > 0 ? exitCodes.slower : exitCodes.fine;
}

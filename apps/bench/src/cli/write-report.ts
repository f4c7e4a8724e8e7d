/** The files of a result. The JSON is written after each case, what is drawn from it at the end. */
import type { Report } from '../core/report.ts';
import { toCsv } from '../report/csv.ts';
import { toHtml } from '../report/html.ts';
import { writeWhole } from './files.ts';
import type { Options } from './options.ts';

export const writeResult = (report: Report, { jsonFile }: Options): Promise<void> =>
  writeWhole(jsonFile, `${JSON.stringify(report, null, 1)}\n`);

export async function writeDrawings(report: Report, { htmlFile, csvFile }: Options): Promise<void> {
  await writeWhole(htmlFile, toHtml(report));
  if (csvFile) await writeWhole(csvFile, toCsv(report));
}

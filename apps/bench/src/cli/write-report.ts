/** The files of a result. The JSON is written after each case, what is drawn from it at the end. */
import { readFile } from 'node:fs/promises';
import { parseReport, type Report } from '../core/report.ts';
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

/** Draws what another process wrote and had no time to draw; null where its file is from before `startedAt`. */
export async function drawUnfinished(options: Options, startedAt: number): Promise<Report | null> {
  const { jsonFile } = options;
  try {
    const report = parseReport(await readFile(jsonFile, 'utf8'), jsonFile);
    if (Date.parse(report.createdAt) < startedAt) return null;
    await writeDrawings(report, options);
    return report;
  } catch {
    // No file, or one that is no result and has nothing to do with this run.
    return null;
  }
}

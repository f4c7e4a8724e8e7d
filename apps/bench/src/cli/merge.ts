/** The command `bench merge`: results of one machine, from several programs, in one file and one report. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mergeReports } from '../core/merge.ts';
import { seededRandom } from '../core/random.ts';
import { parseReport, type Report } from '../core/report.ts';
import { toHtml } from '../report/html.ts';
import { exitCodes } from './exit-codes.ts';
import { writeWhole } from './files.ts';
import { UsageError } from './options.ts';

const usage = `Usage: pnpm bench merge FILE FILE… [options]

Puts results of one machine together, such as peers/torch_peer.py's beside ours.
Rows of two runs are compared in copies of their own run.

  --json FILE       the merged result (isoact-bench-merged.json)
  --html FILE       its report (isoact-bench-merged.html)
`;

/** @throws UsageError for files that cannot be read or do not belong together. */
export async function merge(args: readonly string[], folder: string): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(usage);
    return exitCodes.fine;
  }
  const reports: Report[] = [];
  for (const file of positionals) reports.push(await readReport(resolve(folder, file)));
  const merged = asUsage(() => mergeReports(reports, seededRandom(0.5)));
  const [json, html] = [resolve(folder, values.json), resolve(folder, values.html)];
  await writeWhole(json, `${JSON.stringify(merged, null, 1)}\n`);
  await writeWhole(html, toHtml(merged));
  const { results, comparisons } = merged;
  process.stdout.write(`${results.length} rows, ${comparisons.length} comparisons. ${json} ${html}\n`);
  return exitCodes.fine;
}

function parse(args: readonly string[]) {
  return asUsage(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'string', default: 'isoact-bench-merged.json' },
        html: { type: 'string', default: 'isoact-bench-merged.html' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }),
  );
}

/** @throws UsageError that says what is wrong with the file. */
export async function readReport(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : error;
    throw new UsageError(`${file} must be a file that can be read (${reason}).`);
  });
  return asUsage(() => parseReport(text, file));
}

/** What goes wrong in the work is a mistake of whoever typed the command. */
export function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

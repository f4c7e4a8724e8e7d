/** Entry of `pnpm conform`. */
import { resolve } from 'node:path';
import { reportMarkdown } from '@isoact/core/conformance';
import { type Arguments, parseArguments, usage } from './arguments.ts';
import { selectBackends } from './backends.ts';
import { runExhaustively } from './exhaustive.ts';
import { checkMutants } from './mutants.ts';
import { createProgressLine } from './progress.ts';
import { type Outcome, runBackends } from './run-backends.ts';
import { writeWholeFile } from './write-file.ts';

// pnpm runs scripts from the repository's root; paths on the command line mean the folder the user called from.
const callerFolder = process.env.INIT_CWD ?? process.cwd();

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const progress = createProgressLine(process.stderr);
  let options: Arguments;
  try {
    options = parseArguments(args.filter((arg) => arg !== '--'));
    if (options.help) {
      process.stdout.write(usage);
      return 0;
    }
    if (options.mutants) return await checkMutants(progress);
    const [json, markdownFile] = [options.json, options.markdown].map((file) => file && resolve(callerFolder, file));
    const chosen = selectBackends(options.backends);
    if (options.exhaustive) {
      return await runExhaustively(chosen, { ...options, json }, resolve(callerFolder, '.cache/conform'), progress);
    }
    const outcome = await runBackends(chosen, options, progress);
    const markdown = markdownOf(outcome);
    if (json) await writeWholeFile(json, `${JSON.stringify(outcome, null, 2)}\n`);
    if (markdownFile) await writeWholeFile(markdownFile, markdown);
    process.stdout.write(markdown);
    const { reports } = outcome;
    return reports.length > 0 && reports.every(({ passed }) => passed) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
}

function markdownOf({ reports, unavailable }: Outcome): string {
  const missing = unavailable.map(({ backend, reason }) => `- ${backend}: ${reason.split('\n')[0]}`).join('\n');
  return [...reports.map(reportMarkdown), ...(missing ? [`# Unavailable\n\n${missing}\n`] : [])].join('\n');
}

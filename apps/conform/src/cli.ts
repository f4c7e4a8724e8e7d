/** Entry of `pnpm conform`. */
import { resolve } from 'node:path';
import { reportMarkdown } from '@isoact/core/conformance';
import { type Arguments, parseArguments, usage } from './arguments.ts';
import type { Candidate } from './candidate.ts';
import { runExhaustively } from './exhaustive.ts';
import { checkMutants } from './mutants.ts';
import { createProgressLine } from './progress.ts';
import { type Outcome, runAll } from './run-all.ts';
import { type SubjectName, selectSubjects } from './subjects/names.ts';
import { loadNodeGroup } from './subjects/node.ts';
import { writeWholeFile } from './write-file.ts';

/** What a quick run that names no backend and no activation says of itself. */
const leftOut = `A backend that runs in Node and in a browser was asked about each activation in one of them, by turns, and frameworks' own
functions were not asked. \`--backend '*'\` asks everything of everybody.`;

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
    const [json, markdownFile] = [options.json, options.markdown].map((file) => file && resolve(callerFolder, file));
    const chosen = selectSubjects(options.backends);
    if (options.exhaustive) {
      return await runExhaustively(
        inThisProcess('--exhaustive', chosen),
        { ...options, json },
        resolve(callerFolder, '.cache/conform'),
        progress,
      );
    }
    if (options.onnxTests.length + options.webnnTests.length > 0) {
      const [onnx, webnn] = [options.onnxTests, options.webnnTests].map((paths) =>
        paths.map((path) => resolve(callerFolder, path)),
      ) as [string[], string[]];
      const candidates = inThisProcess("peers' tests", chosen);
      // not loaded elsewhere: what reads the formats takes half a second to load
      const { readPeerCases, runPeers } = await import('./formats/run-peers.ts');
      const { code, reports, markdown } = await runPeers(candidates, await readPeerCases(onnx, webnn), progress);
      if (json) await writeWholeFile(json, `${JSON.stringify({ schema: 'isoact.peers/1', reports }, null, 2)}\n`);
      if (markdownFile) await writeWholeFile(markdownFile, markdown);
      process.stdout.write(markdown);
      return code;
    }
    if (options.frameworks !== undefined) {
      // not loaded elsewhere: it drives browsers, and is for the repository alone
      const module = new URL('./frameworks/command.ts', import.meta.url).href;
      const { makeFrameworksPage } = (await import(module)) as typeof import('./frameworks/command.ts');
      const { page, outcome } = await makeFrameworksPage(options, progress);
      await writeWholeFile(resolve(callerFolder, options.frameworks), page);
      if (json) await writeWholeFile(json, `${JSON.stringify(outcome, null, 2)}\n`);
      return outcome.passed ? 0 : 1;
    }
    // the suite turned on itself alone, unless backends are named beside it
    const mutants = options.mutants ? await checkMutants(progress) : undefined;
    const run = runAll(mutants && options.backends.length === 0 ? [] : chosen, options, progress, mutants?.report);
    const write = async (outcome: Outcome): Promise<void> => {
      const markdown = markdownOf(outcome) + (options.byTurns ? `\n${leftOut}\n` : '');
      if (json) await writeWholeFile(json, `${JSON.stringify(outcome, null, 2)}\n`);
      if (markdownFile) await writeWholeFile(markdownFile, markdown);
      process.stdout.write(mutants ? `${mutants.markdown}\n${markdown}` : markdown);
    };
    // a run that is cut off leaves what it has; the signal may come twice, from a launcher and its group
    let cutOff = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!cutOff) void write(run.sofar()).finally(() => process.exit(1));
        cutOff = true;
      });
    }
    const outcome = await run.done;
    await write(outcome);
    return outcome.passed && (mutants?.everyGroupIsNeeded ?? true) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
}

/** Our own backends of Node, for what does not go through sessions. */
function inThisProcess(what: string, chosen: readonly SubjectName[]): Candidate[] {
  const found = chosen.filter(({ group }) => group.host === 'node' && group.builtins === null);
  if (found.length > 0) return found.map(({ subject }) => ({ name: subject, load: () => loadNodeGroup(subject) }));
  throw new RangeError(`${what} must be about a backend of Node (was about ${chosen.map(({ subject }) => subject)}).`);
}

function markdownOf(outcome: Outcome): string {
  const missing = outcome.unavailable.map(({ name, reason }) => `- ${name}: ${reason.split('\n')[0]}`).join('\n');
  return [reportMarkdown(outcome), ...(missing ? [`## Unavailable\n\n${missing}\n`] : [])].join('\n');
}

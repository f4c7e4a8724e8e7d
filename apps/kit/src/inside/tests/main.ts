/** The command `gpu-tests`: every file of GPU tests in a process of its own, since a device belongs to one. */
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gpuTests } from './files.ts';
import type { FileOutcome } from './run-file.ts';

const usage = `Usage: isoact gpu-tests [options]

  --only TEXT    only the files whose name contains this: ${gpuTests.map(({ name }) => name).join(', ')}
  --json FILE    write what came out as JSON
`;

const inTests = (name: string): string => fileURLToPath(new URL(`./tests/${name}.js`, import.meta.url));

function runFile(name: string, only: string | undefined): Promise<FileOutcome> {
  const child = fork(inTests('run-file'), [inTests(name), ...(only === undefined ? [] : [only])]);
  let outcome: FileOutcome | undefined;
  child.on('message', (message) => {
    outcome = message as FileOutcome;
  });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const ended = { test: name, message: `The process must report (ended with ${signal ?? code}).` };
      resolve(outcome ?? { passed: 0, skipped: 0, failures: [ended] });
    });
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
  const chosen = gpuTests.filter(({ name }) => name.includes(values.only ?? ''));
  if (chosen.length === 0) throw new RangeError(`--only must name a file (was ${values.only}).\n${usage}`);
  const outcomes: (FileOutcome & { readonly name: string; readonly seconds: number })[] = [];
  for (const { name, only } of chosen) {
    const start = performance.now();
    const outcome = await runFile(name, only);
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    outcomes.push({ name, seconds, ...outcome });
    const { passed, skipped, failures } = outcome;
    process.stdout.write(`${name}: ${passed} passed, ${failures.length} failed, ${skipped} skipped, ${seconds} s\n`);
    for (const { test, message } of failures) process.stdout.write(`  ${test}: ${message}\n`);
    // After each file, so that a run that is cut off leaves what it learnt.
    if (values.json)
      await writeFile(values.json, `${JSON.stringify({ gpu: process.env.ISOACT_GPU_KIND, outcomes }, null, 1)}\n`);
  }
  const total = (count: (outcome: FileOutcome) => number): number =>
    outcomes.reduce((sum, each) => sum + count(each), 0);
  const failed = total(({ failures }) => failures.length);
  process.stdout.write(`${total(({ passed }) => passed)} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 64;
}

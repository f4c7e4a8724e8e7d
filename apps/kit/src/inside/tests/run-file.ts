/** `run-file.js <bundled test file> [pattern]`: runs one file of tests in this process and tells its parent what came of it. */

import { pathToFileURL } from 'node:url';
import { startTests, type VitestRunner } from '@vitest/runner';
import { getTests } from '@vitest/runner/utils';

export interface FileOutcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly test: string; readonly message: string }[];
}

const [file, only] = process.argv.slice(2);
if (!file) throw new TypeError('A file of tests must follow (was nothing).');

const runner: VitestRunner = {
  importFile: (path) => import(pathToFileURL(path).href),
  config: {
    root: '/',
    setupFiles: [],
    name: undefined,
    passWithNoTests: true,
    testNamePattern: only === undefined ? undefined : new RegExp(only),
    allowOnly: false,
    sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    retry: 0,
    includeTaskLocation: undefined,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
};

const files = await startTests([file], runner);
const tests = getTests(files);
const failed = [...files, ...tests].filter(({ result }) => result?.state === 'fail');
const outcome: FileOutcome = {
  passed: tests.filter(({ result }) => result?.state === 'pass').length,
  skipped: tests.filter(({ result, mode }) => !result || mode === 'skip' || mode === 'todo').length,
  failures: failed.flatMap(({ name, result }) =>
    (result?.errors ?? []).map(({ message }) => ({ test: name, message })),
  ),
};
process.send?.(outcome, () => process.exit(outcome.failures.length === 0 ? 0 : 1));

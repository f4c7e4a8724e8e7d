/** The worked example as a stranger runs it: outside of the workspace, against the packed package alone. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const core = here('../../../packages/core');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stranger-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command to its end, without what a test runner has put into the environment. */
async function run(command: string, values: readonly string[], cwd: string): Promise<string> {
  const { NODE_OPTIONS: _, NODE_ENV: __, VITEST: ___, NODE_TEST_CONTEXT: ____, ...env } = process.env;
  const { stdout } = await promisify(execFile)(command, values, { cwd, env, maxBuffer: 2 ** 26 });
  return stdout;
}

test('a foreign backend, tested from the tarball with node:test', { timeout: 300_000 }, async () => {
  // built and packed in a copy: the package's own dist may be in use, or old
  const copy = join(folder, 'core');
  await mkdir(copy);
  await run(process.execPath, [join(core, 'node_modules/tsdown/dist/run.mjs'), '--out-dir', join(copy, 'dist')], core);
  for (const file of ['package.json', 'README.md']) await cp(join(core, file), join(copy, file));
  const packed: { filename: string; files: { path: string }[] }[] = JSON.parse(
    await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], copy),
  );
  expect(packed[0]?.files.map(({ path }) => path)).toContain('dist/conformance/index.js');

  const stranger = join(folder, 'stranger');
  await mkdir(stranger);
  await writeFile(join(stranger, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const tarball = join(folder, packed[0]?.filename ?? '');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], stranger);
  for (const file of ['foreign-backend.js', 'foreign-backend.test.js'])
    await cp(here(`../examples/${file}`), join(stranger, file));

  const output = await run(process.execPath, ['--test', '--test-reporter=tap'], stranger);
  expect(output).toMatch(/^# fail 0$/m);
  expect(Number(/^# pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(30);
  expect(output).toContain('foreign: passed');
});

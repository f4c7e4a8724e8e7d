/** Every `js` sample of every package's README, run as its reader would run it. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const packages = new URL('../../../packages/', import.meta.url);
const folder = new URL('../.cache/samples/', import.meta.url);
mkdirSync(folder, { recursive: true });

const samples = readdirSync(packages).flatMap((name) => {
  const readme = readFileSync(new URL(`${name}/README.md`, packages), 'utf8');
  return [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], index) => ({
    name: `${name}-${index + 1}`,
    code,
  }));
});

describe('samples', () => {
  test('are found', () => {
    expect(samples.length).toBeGreaterThanOrEqual(7);
  });

  test.each(samples)('$name', { timeout: 120_000 }, async ({ name, code }) => {
    const file = new URL(`${name}.mjs`, folder);
    writeFileSync(file, code);
    const { stderr } = await run(process.execPath, ['--conditions=@isoact/source', '--import', 'tsx', file.pathname]);
    expect(stderr).not.toMatch(/error|warning/i);
  });
});

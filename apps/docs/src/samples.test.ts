/** Every `js` sample of the root's and every package's README, run as its reader would run it. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../../../', import.meta.url);
const folder = new URL('../.cache/samples/', import.meta.url);
mkdirSync(folder, { recursive: true });

const rooms = ['.', ...readdirSync(new URL('packages', root)).map((name) => `packages/${name}`)];
const samples = rooms.flatMap((room) => {
  const readme = readFileSync(new URL(`${room}/README.md`, root), 'utf8');
  const name = room === '.' ? 'root' : room.replace('packages/', '');
  return [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], index) => ({
    name: `${name}-${index + 1}`,
    code,
  }));
});

describe('samples', () => {
  test('are found', () => {
    expect(samples.length).toBeGreaterThanOrEqual(8);
  });

  test.each(samples)('$name', { timeout: 120_000 }, async ({ name, code }) => {
    const file = new URL(`${name}.mjs`, folder);
    writeFileSync(file, code);
    const { stderr } = await run(process.execPath, ['--conditions=@isoact/source', '--import', 'tsx', file.pathname]);
    expect(stderr).not.toMatch(/error|warning/i);
  });
});

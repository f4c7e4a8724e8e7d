/** Every `js` sample of the READMEs and the guides, run as its reader would run it. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../../../', import.meta.url);
const folder = new URL('../.cache/samples/', import.meta.url);
mkdirSync(folder, { recursive: true });

const pages = [
  'README.md',
  ...readdirSync(new URL('packages', root)).map((name) => `packages/${name}/README.md`),
  ...readdirSync(new URL('docs/guides', root)).map((name) => `docs/guides/${name}`),
];
const samples = pages.flatMap((page) => {
  const text = readFileSync(new URL(page, root), 'utf8');
  const name =
    page
      .replace(/^(?:packages|docs)\//, '')
      .replace(/\/?(?:README)?\.md$/, '')
      .replaceAll('/', '-') || 'root';
  return [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], index) => ({
    name: `${name}-${index + 1}`,
    code,
  }));
});

describe('samples', () => {
  test('are found', () => {
    expect(samples.length).toBeGreaterThanOrEqual(20);
  });

  test.each(samples)('$name', { timeout: 120_000 }, async ({ name, code }) => {
    const file = new URL(`${name}.mjs`, folder);
    writeFileSync(file, code);
    const node = ['--conditions=@isoact/source', '--import', 'tsx', file.pathname];
    const { stderr } = await run(process.execPath, node, { cwd: folder }); // some write files
    expect(stderr).not.toMatch(/error|warning/i);
  });
});

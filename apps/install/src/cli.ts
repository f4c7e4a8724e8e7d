/**
 * `check:install [--only NAME] [--keep]`: makes the next release of what was built, installs it as a stranger would by each README, runs the
 * first sample in two versions of Node, checks its types, bundles it and opens the page. Exit code 1 when a step fails.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBrowser } from '@isoact-tooling/gpu/browser';
import { examples } from './examples.ts';
import { newestNode, thisNode } from './newest-node.ts';
import { paths } from './paths.ts';
import { serveRegistry } from './registry.ts';
import { makeRelease } from './release.ts';
import { type Row, tableOf } from './table.ts';
import { followExample, followPath, type Surroundings } from './walk.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: [] }, keep: { type: 'boolean', default: false } },
});
const wanted = (name: string) => values.only.length === 0 || values.only.some((each) => name.includes(each));

const folder = await mkdtemp(join(tmpdir(), 'isoact-install-'));
const started = performance.now();
const rows: Row[] = [];
const say = (text: string) => process.stderr.write(`${text}\n`);

const releases = await makeRelease(repository, folder);
say(releases.map(({ name, version }) => `${name} ${version}`).join(', '));
const registry = await serveRegistry(releases);
const browser = await openBrowser();
try {
  const surroundings: Surroundings = {
    repository,
    folder,
    registry,
    browser,
    nodes: [thisNode, await newestNode(cache)],
    report: (row) => {
      rows.push(row);
      say(
        `${row.outcome === 'ok' ? 'ok    ' : 'FAILED'} ${row.path}: ${row.step} (${row.seconds.toFixed(1)} s) ${row.remark}`,
      );
    },
  };
  for (const path of paths) if (wanted(path.name)) await followPath(path, surroundings);
  for (const example of examples) if (wanted(example.name)) await followExample(example, surroundings);
} finally {
  await browser.close();
  await registry.close();
  if (values.keep) say(`Kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

const failed = rows.filter(({ outcome }) => outcome === 'failed').length;
process.stdout.write(`${tableOf(rows)}\n`);
const minutes = (performance.now() - started) / 60_000;
say(
  `${rows.length - failed} of ${rows.length} steps work; ${minutes.toFixed(1)} minutes; ${browser.name} ${browser.version}`,
);
if (rows.length === 0) throw new Error(`--only must name a path (was ${values.only.join(', ')}).`);
if (failed > 0) process.exitCode = 1;

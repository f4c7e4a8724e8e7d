/** A stranger's walk: an empty folder, the README's install line, its sample, in every place it is meant for. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GpuBrowser } from '@isoact-tooling/gpu/browser';
import { runCommand } from './command.ts';
import type { Example } from './examples.ts';
import type { NodeProgram } from './newest-node.ts';
import { printedBy } from './page.ts';
import type { StrangersPath } from './paths.ts';
import { checkPrinted } from './printed.ts';
import { type Instructions, instructionsOf } from './readme.ts';
import type { Registry } from './registry.ts';
import { checkRuntimes } from './runtimes.ts';
import { bundle, checkTypes, type Installer, install, run } from './steps.ts';
import type { Row } from './table.ts';

export interface Surroundings {
  readonly repository: string;
  readonly folder: string;
  readonly registry: Registry;
  readonly browser: GpuBrowser;
  readonly nodes: readonly NodeProgram[];
  readonly report: (row: Row) => void;
}

export async function followPath(path: StrangersPath, surroundings: Surroundings): Promise<void> {
  const { nodes, browser } = surroundings;
  const step = stepsOf(path.name, surroundings.report);
  const { install: line, sample } = await readInstructions(path, surroundings.repository);
  const expected = await path.prints();

  const folder = await emptyFolder(`${path.name}-npm`, surroundings);
  await writeFile(join(folder, 'sample.mjs'), sample);
  await writeFile(join(folder, 'sample.mts'), sample);
  if (!(await step(`npm install ${line.join(' ')}`, () => installed(folder, line, 'npm')))) return;
  const runIn = async (place: string, node: NodeProgram) => {
    const printed = await run(place, 'sample.mjs', node.path);
    checkPrinted(printed, expected);
    return inBrief(printed);
  };
  if (path.places.includes('Node')) {
    for (const node of nodes) await step(`Node ${node.version}`, () => runIn(folder, node));
    const other = await emptyFolder(`${path.name}-pnpm`, surroundings);
    await writeFile(join(other, 'sample.mjs'), sample);
    const [oldest] = nodes;
    await step('pnpm add, Node', async () => {
      await installed(other, line, 'pnpm');
      return oldest ? runIn(other, oldest) : '';
    });
  }
  for (const resolution of ['bundler', 'nodenext'] as const) {
    await step(`types, ${resolution}`, async () => {
      await checkTypes(folder, 'sample.mts', resolution, path.skipLibCheck !== undefined);
      return path.skipLibCheck ? `others' declarations unchecked: ${path.skipLibCheck}` : '';
    });
  }
  if (!path.places.includes('browser')) return;
  for (const bundler of ['Vite', 'esbuild'] as const) {
    await step(`${bundler}, browser`, async () => {
      const printed = await printedBy(browser, await bundle(folder, sample, bundler, path.serves ?? []));
      checkPrinted(printed, expected);
      return inBrief(printed);
    });
  }
}

/** An example is a project of its own: `npm install`, then its `start` script, or its `build` and the page. */
export async function followExample(example: Example, surroundings: Surroundings): Promise<void> {
  const step = stepsOf(`examples/${example.name}`, surroundings.report);
  const folder = placeFor(`example-${example.name}`, surroundings);
  const project = join(surroundings.repository, 'examples', example.name);
  await cp(project, folder, {
    recursive: true,
    filter: (file) => !/\/(?:node_modules|dist)(?:\/|$)/.test(file.slice(project.length)),
  });
  await surroundings.registry.useIn(folder);
  const npm = (...values: readonly string[]) => runCommand('npm', values, { cwd: folder });
  const asked = async () => {
    const manifest: { dependencies: Record<string, string> } = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    );
    return Object.keys(manifest.dependencies);
  };
  const ready = await step('npm install', async () => {
    await npm('install', '--no-audit', '--no-fund', '--prefer-offline');
    return `${await checkRuntimes(folder, await asked())} packages`;
  });
  if (!ready) return;
  await step(example.place === 'Node' ? 'npm start' : 'npm run build, browser', async () => {
    if (example.place === 'browser') await npm('run', 'build');
    const said =
      example.place === 'Node'
        ? await npm('start', '--silent')
        : await printedBy(surroundings.browser, join(folder, 'dist'));
    const found = example.says.exec(said);
    if (!found) throw new Error(`The example must say ${example.says} (said ${said.trim() || 'nothing'}).`);
    return inBrief(found[0]);
  });
}

async function readInstructions(
  path: StrangersPath,
  repository: string,
): Promise<{ install: readonly string[]; sample: string }> {
  const readme = await readFile(join(repository, 'packages', path.package, 'README.md'), 'utf8');
  const found: Instructions | undefined = instructionsOf(readme)[path.installLine];
  const sample = found?.samples[path.sample];
  if (!found || sample === undefined) {
    throw new Error(
      `The README of ${path.package} must have install line ${path.installLine} and sample ${path.sample} (has not).`,
    );
  }
  return { install: found.install, sample };
}

const placeFor = (name: string, { folder }: Surroundings): string => join(folder, name.replaceAll(/[^a-z0-9]+/gi, '-'));

async function emptyFolder(name: string, surroundings: Surroundings): Promise<string> {
  const place = placeFor(name, surroundings);
  await mkdir(place);
  await surroundings.registry.useIn(place);
  return place;
}

async function installed(folder: string, line: readonly string[], installer: Installer): Promise<string> {
  await install(folder, line, installer);
  return `${await checkRuntimes(folder, line)} packages`;
}

/** Runs a step, reports it with its time, and tells whether it worked. */
function stepsOf(path: string, report: (row: Row) => void) {
  return async (step: string, action: () => Promise<string>): Promise<boolean> => {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    try {
      const remark = await action();
      report({ path, step, seconds: seconds(), outcome: 'ok', remark });
      return true;
    } catch (error) {
      const remark = error instanceof Error ? error.message : String(error);
      report({ path, step, seconds: seconds(), outcome: 'failed', remark });
      return false;
    }
  };
}

/** As much as fits a table. */
function inBrief(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

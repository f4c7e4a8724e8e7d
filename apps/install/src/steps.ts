/** What is done in a stranger's folder. Each step throws when it does not work. */
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildWithEsbuild } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { runCommand } from './command.ts';
import { pnpm } from './release.ts';

export type Installer = 'npm' | 'pnpm';
export type Bundler = 'Vite' | 'esbuild';
export type Resolution = 'bundler' | 'nodenext';

/** Types `npm install …`, or what pnpm's users type instead. */
export async function install(folder: string, line: readonly string[], installer: Installer): Promise<void> {
  if (installer === 'npm') {
    await runCommand('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...line], { cwd: folder });
    return;
  }
  // pnpm would walk up to the workspace of the repository, and it asks before it runs install scripts anyway.
  await pnpm(['add', '--ignore-workspace', '--prefer-offline', ...line], folder);
}

/** The sample's output. */
export function run(folder: string, file: string, node: string): Promise<string> {
  return runCommand(node, [file], { cwd: folder });
}

const compiler = fileURLToPath(
  new URL('../bin/tsc', import.meta.resolve('typescript/package.json').replace(/package\.json$/, 'lib/')),
);

export async function checkTypes(
  folder: string,
  file: string,
  resolution: Resolution,
  skipLibCheck: boolean,
): Promise<void> {
  const config = `tsconfig.${resolution}.json`;
  const module = resolution === 'nodenext' ? 'nodenext' : 'preserve';
  const compilerOptions = {
    ...{ module, moduleResolution: resolution, target: 'es2022', lib: ['es2023', 'dom'], types: [] },
    ...{ strict: true, noEmit: true, skipLibCheck },
  };
  await writeFile(join(folder, config), JSON.stringify({ compilerOptions, files: [file] }));
  await runCommand(process.execPath, [compiler, '-p', config], { cwd: folder });
}

const page =
  '<!doctype html><meta charset="utf-8"><title>sample</title><script type="module" src="./sample.js"></script>';

/** The folder of the page. */
export async function bundle(
  folder: string,
  sample: string,
  bundler: Bundler,
  serves: readonly string[],
): Promise<string> {
  const site = join(folder, `site-${bundler}`);
  const source = join(folder, `source-${bundler}`);
  for (const each of [site, source]) {
    await rm(each, { recursive: true, force: true });
    await mkdir(each);
  }
  await writeFile(join(source, 'sample.js'), sample);
  await writeFile(join(source, 'index.html'), page);
  if (bundler === 'esbuild') {
    await cp(join(source, 'index.html'), join(site, 'index.html'));
    await buildWithEsbuild({
      absWorkingDir: source,
      entryPoints: ['sample.js'],
      outdir: site,
      ...{ bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' },
    });
  } else {
    await buildWithVite({
      root: source,
      base: './',
      configFile: false,
      logLevel: 'silent',
      build: { outDir: site, emptyOutDir: true, target: 'es2022' },
    });
  }
  for (const each of serves) await copyWasm(join(folder, 'node_modules', each), site);
  return site;
}

/** Beside the page and beside its scripts: where runtimes look for them is a matter of the bundler. */
async function copyWasm(from: string, site: string): Promise<void> {
  for (const file of await readdir(from)) {
    if (!file.endsWith('.wasm')) continue;
    await cp(join(from, file), join(site, file));
    await cp(join(from, file), join(site, 'assets', file));
  }
}

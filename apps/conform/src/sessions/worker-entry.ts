/** Where the child processes' entry is: bundled once for all of them, since compiling it takes each a second or two. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface WorkerEntry {
  readonly path: string;
  remove(): Promise<void>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export async function workerEntry(): Promise<WorkerEntry> {
  // where this module is bundled itself, so is the entry, beside it
  if (!import.meta.url.endsWith('.ts')) return { path: here('./conform-worker.js'), remove: async () => {} };
  const esbuild = 'esbuild'; // no literal, so that bundlers leave it alone
  const { build } = (await import(esbuild)) as typeof import('esbuild');
  // inside the package, so that what is left out of the bundle is found
  const folder = await mkdtemp(here('../../node_modules/.conform-'));
  const path = join(folder, 'worker.mjs');
  await build({
    entryPoints: [here('./worker.ts')],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@isoact/source'],
    external: ['@tensorflow/*', 'onnxruntime-*', 'onnx-buf', '@bufbuild/*', 'webgpu'],
    logLevel: 'warning',
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

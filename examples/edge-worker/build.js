/** What is made ahead of time: VeLU as a module of WebAssembly, and the Worker with its imports in one file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { velu } from '@isoact/core';
import { precompile } from '@isoact/wasm/precompile';
import { build } from 'esbuild';

await mkdir('dist', { recursive: true });
// Rows of any length: 2 and 3 are examples. This Worker asks for no gradient.
const module = precompile(velu(), { shape: [2, 3], dtype: 'float32' }, { gradient: false });
await writeFile('dist/velu.wasm', module);
await build({
  entryPoints: ['worker.js'],
  outdir: 'dist',
  ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', external: ['./velu.wasm'] },
});
console.log(`velu.wasm: ${module.length} bytes`);

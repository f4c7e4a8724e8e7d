#!/usr/bin/env node
/**
 * `isoact-check-size [kB]`: fails when what someone imports of the built package, with everything that it depends on but
 * peers, is larger than its budget, bundled, minified and gzipped.
 *
 * The budgets stand in package.json: `"sizeBudgets": { "*": 12, "{ swish }": 4 }` for all of its main entry, and for one
 * name of it. A number on the command line is the budget of `*` alone.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @type {{ name: string, peerDependencies?: Record<string, string>, sizeBudgets?: Record<string, number> }} */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const [argument] = process.argv.slice(2);
const budgets = Object.entries(argument === undefined ? (manifest.sizeBudgets ?? {}) : { '*': Number(argument) });
if (budgets.length === 0 || budgets.some(([, budget]) => !(budget > 0))) {
  throw new RangeError(`Size budgets must be numbers of kB (were ${JSON.stringify(Object.fromEntries(budgets))}).`);
}

for (const [names, budget] of budgets) {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from './dist/index.js';`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: Object.keys(manifest.peerDependencies ?? {}),
    logLevel: 'warning',
    // what the build leaves of a barrel from which everything is taken directly
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  const size = outputFiles.reduce((sum, file) => sum + gzipSync(file.contents, { level: 9 }).length, 0) / 1000;
  process.stdout.write(`${manifest.name} ${names}: ${size.toFixed(2)} kB of ${budget} kB, minified and gzipped\n`);
  if (size > budget) process.exitCode = 1;
}

#!/usr/bin/env node
/**
 * `isoact-check-size [kB]`: fails when what someone imports of the built package, with everything that it depends on but
 * peers, is larger than its budget, bundled, minified and gzipped.
 *
 * The budgets stand in package.json: `"sizeBudgets": { "*": 12, "{ swish }": 4, "./threads *": 3 }` for all of its main
 * entry, for one name of it, and for all of another entry. A number on the command line is the budget of `*` alone.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * @type {{
 *   name: string,
 *   exports: Record<string, { default: string }>,
 *   peerDependencies?: Record<string, string>,
 *   sizeBudgets?: Record<string, number>
 * }}
 */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const [argument] = process.argv.slice(2);
const budgets = Object.entries(argument === undefined ? (manifest.sizeBudgets ?? {}) : { '*': Number(argument) });
if (budgets.length === 0 || budgets.some(([, budget]) => !(budget > 0))) {
  throw new RangeError(`Size budgets must be numbers of kB (were ${JSON.stringify(Object.fromEntries(budgets))}).`);
}

for (const [asked, budget] of budgets) {
  const [, entry = '.', names] = /** @type {RegExpExecArray} */ (/^(?:(\.\/\S+) )?(.+)$/.exec(asked));
  const built = manifest.exports[entry]?.default;
  if (!built) throw new RangeError(`The entry of a size budget must be an export of ${manifest.name} (was ${entry}).`);
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from '${built}';`, resolveDir: process.cwd() },
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
  process.stdout.write(`${manifest.name} ${asked}: ${size.toFixed(2)} kB of ${budget} kB, minified and gzipped\n`);
  if (size > budget) process.exitCode = 1;
}

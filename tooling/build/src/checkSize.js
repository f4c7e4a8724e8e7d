#!/usr/bin/env node
/**
 * `isoact-check-size <kB>`: fails when the built package, with everything it depends on but its peers, is larger than
 * that, bundled, minified and gzipped. It is what someone pays who imports all of it.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const budget = Number(process.argv[2]);
if (!(budget > 0)) throw new RangeError(`The budget must be a number of kB (was ${process.argv[2]}).`);

/** @type {{ name: string, peerDependencies?: Record<string, string> }} */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const { outputFiles } = await build({
  entryPoints: ['dist/index.js'],
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  external: Object.keys(manifest.peerDependencies ?? {}),
  logLevel: 'warning',
});
const size = outputFiles.reduce((sum, file) => sum + gzipSync(file.contents, { level: 9 }).length, 0) / 1000;

process.stdout.write(`${manifest.name}: ${size.toFixed(2)} kB of ${budget} kB, minified and gzipped\n`);
if (size > budget) process.exitCode = 1;

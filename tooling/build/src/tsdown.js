/**
 * The build of a published package, read from its own exports map: every `@isoact/source` entry is bundled to the
 * file that `default` names. A package has no second list of entries that could drift from the first.
 */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

/** @type {{ exports: Record<string, string | Record<string, string>>, bin?: Record<string, string> }} */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** @type {Record<string, string>} */
const entry = {};
for (const conditions of Object.values(manifest.exports)) {
  if (typeof conditions === 'string') continue;
  const built = conditions.default;
  if (!built) continue;
  const name = built.replace(/^\.\/dist\/(.*)\.js$/, '$1');
  // a source in JavaScript is not named: publint would look for it in the package
  entry[name] = conditions['@isoact/source'] ?? `./src/${name}.js`;
}
for (const built of Object.values(manifest.bin ?? {})) {
  const name = built.replace(/^(?:\.\/)?dist\/(.*)\.js$/, '$1');
  entry[name] = `./src/${name}.ts`;
}

export default defineConfig({
  entry,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: false,
  unbundle: true, // one file per module, so that a bundler drops whole modules that are not imported
  clean: true,
  logLevel: 'warn',
  sourcemap: true,
});

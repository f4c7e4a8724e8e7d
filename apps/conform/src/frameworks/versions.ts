/** The versions of the frameworks that are installed here. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const names = ['@tensorflow/tfjs-core', 'onnxruntime-node', 'onnxruntime-web'] as const;

export const installedVersions = (): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, versionOf(name)]));

/** Not every package exports its package.json, so it is looked for above its entry. */
function versionOf(name: string): string {
  for (let folder = new URL('.', import.meta.resolve(name)); ; folder = new URL('..', folder)) {
    const file = fileURLToPath(new URL('package.json', folder));
    if (existsSync(file)) {
      const manifest: { readonly name?: string; readonly version?: string } = JSON.parse(readFileSync(file, 'utf8'));
      if (manifest.name === name && manifest.version !== undefined) return manifest.version;
    }
    if (folder.pathname === '/') throw new Error(`the package ${name} must be installed (no package.json was found).`);
  }
}

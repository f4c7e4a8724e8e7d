/** The runtimes that lie in a folder's node_modules. An adapter must bring none that was not asked for. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages of one runtime depend on each other; packages of two must not. */
const families: Readonly<Record<string, RegExp>> = {
  'TensorFlow.js': /^@tensorflow\//,
  'ONNX Runtime for Node': /^onnxruntime-node$/,
  'ONNX Runtime for browsers': /^onnxruntime-web$/,
  'ONNX Runtime': /^onnxruntime-common$/,
  Dawn: /^webgpu$/,
};

/** The runtimes that the names belong to. */
function runtimesOf(packages: readonly string[]): ReadonlySet<string> {
  const found = Object.entries(families).filter(([, pattern]) => packages.some((name) => pattern.test(name)));
  const names = new Set(found.map(([family]) => family));
  // Both runtimes have it among their dependencies.
  if (names.has('ONNX Runtime for Node') || names.has('ONNX Runtime for browsers')) names.add('ONNX Runtime');
  return names;
}

/** Throws when the folder holds a runtime that nobody asked for; resolves to the number of packages in it. */
export async function checkRuntimes(folder: string, asked: readonly string[]): Promise<number> {
  const installed = await installedPackages(join(folder, 'node_modules'));
  const allowed = runtimesOf(asked);
  const extra = [...runtimesOf(installed)].filter((name) => !allowed.has(name));
  if (extra.length > 0)
    throw new Error(`node_modules must hold the runtimes asked for (held ${extra.join(', ')} too).`);
  return new Set(installed).size;
}

/** Names of packages at every depth, pnpm's store in `node_modules/.pnpm` included. */
async function installedPackages(modules: string): Promise<readonly string[]> {
  const names: string[] = [];
  const visit = async (folder: string, scope: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('@') && !scope) await visit(path, `${entry.name}/`);
      else if (entry.name === '.pnpm')
        for (const stored of await readdir(path)) await visit(join(path, stored, 'node_modules'), '');
      else if (!entry.name.startsWith('.')) {
        names.push(scope + entry.name);
        // A link leads to a folder that is visited on its own.
        if (entry.isDirectory()) await visit(join(path, 'node_modules'), '');
      }
    }
  };
  await visit(modules, '');
  return names;
}

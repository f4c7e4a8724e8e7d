/** The parts of the kit that are copied as they are: Node, native libraries with their JavaScript, and WebAssembly. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { vulkanFolder } from '@isoact-tooling/gpu/chromiumPackage';

const require = createRequire(import.meta.url);

/** The folder of an installed package, whether or not its exports show package.json. */
async function packageFolder(name: string, from = require): Promise<string> {
  let folder = dirname(from.resolve(name));
  while (true) {
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
    const found: { name?: string } = JSON.parse(manifest);
    if (found.name === name) return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`The package ${name} must be installed (was not).`);
    folder = parent;
  }
}

interface CopiedPackage {
  readonly name: string;
  /** Which of its files the kit needs, by their path in the package. */
  readonly wanted: (path: string) => boolean;
}

const isCode = (path: string): boolean => /(?:\.[cm]?js|package\.json|LICENSE.*)$/i.test(path);

const packages: readonly CopiedPackage[] = [
  {
    name: 'webgpu',
    wanted: (path) =>
      path.startsWith('dist') ? path.startsWith('dist/linux-x64/') : isCode(path) && !path.includes('/'),
  },
  {
    name: 'onnxruntime-node',
    // The libraries of CUDA, where somebody downloaded them, are larger than all the rest.
    wanted: (path) =>
      (isCode(path) && /^(?:dist\/|[^/]+$)/.test(path)) ||
      /^bin\/napi-v\d+\/linux\/x64\/(?:libonnxruntime\.so[.\d]*|onnxruntime_binding\.node)$/.test(path),
  },
  {
    name: 'onnxruntime-web',
    wanted: (path) =>
      /^(?:package\.json|dist\/ort\.node\.min\.mjs|dist\/ort-wasm-simd-threaded\.(?:mjs|wasm))$/.test(path),
  },
  { name: 'onnxruntime-common', wanted: (path) => isCode(path) && /^(?:dist\/|[^/]+$)/.test(path) },
];

export async function copyPackages(kit: string): Promise<void> {
  for (const { name, wanted } of packages) {
    const from = await packageFolder(name);
    const files = await readdir(from, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name).slice(from.length + 1);
      if (!wanted(path)) continue;
      const target = join(kit, 'node_modules', name, path);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, path), target);
    }
  }
}

/** tfjs looks for its WebAssembly beside its own code, which lies in each of the bundles' folders. */
export async function copyTfjsWasm(folders: readonly string[]): Promise<void> {
  const dist = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  for (const file of (await readdir(dist)).filter((name) => name.endsWith('.wasm'))) {
    for (const folder of folders) await copyFile(join(dist, file), join(folder, file));
  }
}

/** The Node that runs, without its symbols where this machine can take them out: they are 13 MB that nobody reads. */
export async function copyNode(target: string): Promise<void> {
  await copyFile(process.execPath, target);
  await chmod(target, 0o755);
  await promisify(execFile)('strip', [target]).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    process.stderr.write('bench:kit: Node keeps its symbols, because "strip" of binutils is not installed\n');
  });
}

/** @param software whether SwiftShader comes along, for machines without a GPU. */
export async function copyVulkan(target: string, software: boolean): Promise<void> {
  const from = await vulkanFolder();
  await mkdir(target, { recursive: true });
  const files = ['libvulkan.so.1', ...(software ? ['libvk_swiftshader.so', 'vk_swiftshader_icd.json'] : [])];
  for (const file of files) await copyFile(join(from, file), join(target, file));
}

/** The Python peers, with what their formulas are checked against. */
export async function copyPeers(target: string): Promise<void> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const copyAll = async (from: string, to: string, ending: string): Promise<void> => {
    await mkdir(to, { recursive: true });
    const files = (await readdir(from)).filter((name) => name.endsWith(ending));
    for (const file of files) await copyFile(join(from, file), join(to, file));
  };
  await copyAll(here('../../bench/peers'), target, '.py');
  await copyAll(here('../../../packages/core/src/conformance/golden'), join(target, 'golden'), '.json');
}

/** Scripts, manifests and the README that stand as they are in `files`. */
export async function copyFixedFiles(kit: string): Promise<void> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  await cp(here('../files'), kit, { recursive: true });
  await cp(here('../../../LICENSE'), join(kit, 'LICENSE'));
  await chmod(join(kit, 'isoact'), 0o755);
}

/** The kit's JavaScript: every command and every GPU test, bundled from source. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { gpuTests } from './inside/tests/files.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Files of their own in the kit, or left out of it: native libraries, and what only a browser or a drawing needs. */
const external = ['webgpu', 'onnxruntime-node', 'onnxruntime-web', 'canvas'];

/** Bundled CommonJS looks for its own files and for Node's modules in the way of CommonJS. */
const commonJs = `import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __dirnameOf(__filename);`;

/** What a report says of runtimes that have no package of their own in the kit. */
function versions(): Record<string, string> {
  const packages = ['@tensorflow/tfjs-core', 'onnxruntime-node', 'webgpu'];
  const require = createRequire(import.meta.url);
  return Object.fromEntries(
    packages.map((name) => {
      const manifest: { version: string } = require(`${name}/package.json`);
      return [name, manifest.version];
    }),
  );
}

export async function bundle(folder: string): Promise<void> {
  const common = {
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@isoact/source'],
    external,
    banner: { js: commonJs },
    define: { 'process.env.ISOACT_KIT_VERSIONS': JSON.stringify(JSON.stringify(versions())) },
    legalComments: 'linked',
    logLevel: 'warning',
  } satisfies BuildOptions;
  await build({
    ...common,
    outdir: folder,
    entryPoints: {
      isoact: here('./inside/isoact.ts'),
      probe: here('../../../tooling/gpu/src/probe.ts'),
      bench: here('../../bench/src/cli.ts'),
      conform: here('../../conform/src/cli.ts'),
      'conform-worker': here('../../conform/src/sessions/worker.ts'),
      run: here('./inside/run.ts'),
      'run-hooks': here('./inside/run-hooks.ts'),
      'gpu-tests': here('./inside/tests/main.ts'),
    },
  });
  // Apart from the commands: here the name "vitest" means the kit's own runner.
  await build({
    ...common,
    outdir: `${folder}/tests`,
    alias: { vitest: here('./inside/tests/vitest.ts') },
    entryPoints: {
      'run-file': here('./inside/tests/run-file.ts'),
      ...Object.fromEntries(gpuTests.map(({ name, file }) => [name, here(`../../../packages/${file}`)])),
    },
  });
}

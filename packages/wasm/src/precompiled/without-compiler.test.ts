/** What a bundler makes of `@isoact/wasm/precompiled`, in a realm that refuses to compile WebAssembly, as edge runtimes do. */
import { createContext, runInContext } from 'node:vm';
import { velu } from '@isoact/core';
import { createKernel } from '@isoact/wasm';
import { precompile } from '@isoact/wasm/precompile';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** A script that leaves the module's exports in `bundled`, and the files that have any code in it. */
async function bundle(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bundled',
    conditions: ['@isoact/source'],
    target: 'es2022',
    metafile: true,
    logLevel: 'silent',
  });
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const used = parts.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
  return { text: outputFiles[0]?.text ?? '', used };
}

/** The language's own globals and what edge runtimes add, as far as it is used here. */
const realmWith = (globals: object) =>
  createContext({ TextDecoder, ...globals }, { codeGeneration: { strings: false, wasm: false } });

const precompiled = "export * from '@isoact/wasm/precompiled';";

test('runs where no WebAssembly may be compiled', async () => {
  const spec = { shape: [1, 5], dtype: 'float32' } as const;
  const module = new WebAssembly.Module(precompile(velu(), spec));
  const realm = realmWith({ module });
  const empty = 'Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)';
  expect(() => runInContext(`new WebAssembly.Module(${empty})`, realm)).toThrow('code generation disallowed');

  runInContext((await bundle(precompiled)).text, realm);
  const values = runInContext(
    `const kernel = bundled.createKernel(module, { shape: [1, 5] });
     const x = Float32Array.of(-2, -1, 0, 1, 2);
     const upstream = { y: new Float32Array(5).fill(1) };
     const { y } = kernel.forward({ x });
     const gradient = kernel.vjp({ x, upstream });
     // beyond the values that the first of the module's versions is for
     const far = kernel.forward({ x, parameters: { alpha: Float32Array.of(3) } });
     [y, gradient.x, gradient.parameters.lambda, far.y].map((array) => Array.from(array))`,
    realm,
  );
  const expected = createKernel(velu(), spec);
  const x = Float32Array.of(-2, -1, 0, 1, 2);
  const gradient = expected.vjp({ x, upstream: { y: new Float32Array(5).fill(1) } });
  const far = expected.forward({ x, parameters: { alpha: Float32Array.of(3) } });
  const all = [expected.forward({ x }).y, gradient.x, gradient.parameters.lambda as Float32Array, far.y];
  for (const [index, each] of all.entries()) {
    for (const [place, value] of each.entries()) expect(values[index][place]).toBeCloseTo(value, 6);
  }
});

test('is what a kernel that would be generated there asks for', async () => {
  const realm = realmWith({});
  runInContext(
    (await bundle("export { createKernel } from '@isoact/wasm'; export { relu } from '@isoact/core';")).text,
    realm,
  );
  const create = "bundled.createKernel(bundled.relu(), { shape: [5], dtype: 'float32' })";
  expect(() => runInContext(create, realm)).toThrow('edge runtimes take modules of @isoact/wasm/precompile.');
});

test('holds no generator, no plans and no definitions', async () => {
  const { used } = await bundle(precompiled);
  expect(
    used.filter((path) => /codegen\//.test(path)).map((path) => path.replace(/.*codegen\/src\/wasm\//, '')),
  ).toEqual(expect.arrayContaining(['call.ts', 'code.ts']));
  const strangers = /codegen\/.*\/(?:generate|compile|leaves|pass-writer|expression|loops|statistics)\b/;
  expect(used.filter((path) => strangers.test(path))).toEqual([]);
  expect(used.filter((path) => /core\/src\/(?:plan|activations|numerics)\//.test(path))).toEqual([]);
});

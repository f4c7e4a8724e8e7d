/** What the tests in a browser ask of a page. */
import { hasRelaxedSimd } from '@isoact/codegen';
import { gelu, velu } from '@isoact/core';
import { runConformance } from '@isoact/core/conformance';
import { createBackend, createKernel, createMemoryKernel } from '@isoact/wasm';
import { createKernel as createPrecompiledKernel } from '@isoact/wasm/precompiled';
import { createThreads } from '@isoact/wasm/threads';
import { precompiledBackend } from './precompiled-backend.ts';

export { hasRelaxedSimd };

const backends = {
  generated: () => createBackend(),
  threads: () => createThreads({ threads: 2 }).createBackend(),
  precompiled: () => precompiledBackend({ relaxed: true }),
} as const;

/** What went wrong, and how many values were compared. */
export async function conform(
  activations: readonly string[],
  kind: keyof typeof backends,
): Promise<{ readonly values: number; readonly problems: readonly string[] }> {
  const backend = backends[kind]();
  const report = await runConformance(backend, { activations, quick: true });
  const failures = report.failures.map(({ id, faults }) => `${id}: ${faults.join('; ')}`);
  return { values: report.totals.values, problems: [...report.verdicts, ...failures] };
}

/** The name and message of what is thrown, or the result. */
export function tryVelu(values: readonly number[]): { readonly y: number[] } | { readonly error: string } {
  try {
    const kernel = createKernel(velu(), { shape: [1, values.length], dtype: 'float32' });
    return { y: [...kernel.forward({ x: Float32Array.from(values) }).y] };
  } catch (error) {
    return { error: String(error) };
  }
}

/** The same from a module that the page fetches. */
export async function tryPrecompiled(
  values: readonly number[],
  file: string,
): Promise<{ readonly y: number[] } | { readonly error: string }> {
  try {
    const module = await WebAssembly.compileStreaming(fetch(file));
    const kernel = createPrecompiledKernel(module, { shape: [1, values.length] });
    return { y: [...kernel.forward({ x: Float32Array.from(values) }).y] };
  } catch (error) {
    return { error: String(error) };
  }
}

/** gelu in place, in a memory that threads could share. */
export function geluInSharedMemory(values: readonly number[]): number[] {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  const floats = new Float32Array(memory.buffer, 0, values.length);
  floats.set(values);
  createMemoryKernel(memory, gelu(), { shape: [values.length], dtype: 'float32' }).forward({ x: 0, y: 0 });
  return [...floats];
}

/** Whether a tensor of many blocks comes out the same on one thread and on three. */
export async function threadsAgree(): Promise<boolean> {
  const x = Float32Array.from({ length: 300_000 }, (_, index) => 4 * Math.sin(index));
  const results = [];
  for (const threads of [1, 3]) {
    const backend = createThreads({ threads }).createBackend();
    const compiled = await backend.compile(gelu(), { shape: [x.length], dtype: 'float32' });
    results.push((await compiled.forward({ x })).y);
    await backend.dispose();
  }
  const [one, three] = results as [Float32Array, Float32Array];
  return one.every((value, index) => value === three[index]);
}

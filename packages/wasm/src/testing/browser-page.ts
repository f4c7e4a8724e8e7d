/** What the tests in a browser ask of a page. */
import { hasRelaxedSimd } from '@isoact/codegen';
import { gelu, velu } from '@isoact/core';
import { runConformance } from '@isoact/core/conformance';
import { createBackend, createKernel, createMemoryKernel } from '@isoact/wasm';

export { hasRelaxedSimd };

/** What went wrong, and how many values were compared. */
export async function conform(
  activations: readonly string[],
): Promise<{ readonly values: number; readonly problems: readonly string[] }> {
  const report = await runConformance(createBackend(), { activations, quick: true });
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

/** gelu in place, in a memory that threads could share. */
export function geluInSharedMemory(values: readonly number[]): number[] {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  const floats = new Float32Array(memory.buffer, 0, values.length);
  floats.set(values);
  createMemoryKernel(memory, gelu(), { shape: [values.length], dtype: 'float32' }).forward({ x: 0, y: 0 });
  return [...floats];
}

/** What this package's tests share: sessions on every provider, inputs, and how near is near enough. */
import type { Data } from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import { expect } from 'vitest';
import type { Provider } from '../runtime/runtime.ts';

export { sample } from './sample.ts';

/** The providers of this machine. */
export const providers: readonly Provider[] = ['cpu', 'wasm', ...(gpuKind() === 'none' ? [] : ['webgpu' as const])];

const unit = 2 ** -24;

/** Grade D of the conformance suite, with a term for each sum that the value goes through. */
export function expectNear(got: Data, want: Data, { x, terms = 0 }: { x?: Data; terms?: number } = {}): void {
  expect(got.length).toBe(want.length);
  got.forEach((value, index) => {
    const wanted = want[index] as number;
    if (!Number.isFinite(wanted) || !Number.isFinite(value)) {
      expect(value, `at ${index}`).toBe(wanted);
      return;
    }
    const magnitude = Math.max(1, Math.abs(x?.[index] ?? 0));
    const bound = unit * (8 * Math.abs(wanted) + 12 * magnitude + terms);
    expect(Math.abs(value - wanted), `at ${index}: ${value} instead of ${wanted}`).toBeLessThanOrEqual(bound);
  });
}

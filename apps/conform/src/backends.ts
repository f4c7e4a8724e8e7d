/** The backends that this machine may have, each loaded only when it is asked for. */
import { type ActivationBackend, createReferenceBackend } from '@isoact/core';
import type { ExpectedFailure } from '@isoact/core/conformance';

export interface Candidate {
  readonly name: string;
  readonly load: () => Promise<LoadedBackend>;
}

export interface LoadedBackend {
  readonly backend: ActivationBackend;
  readonly expected: readonly ExpectedFailure[];
}

/** What an adapter's entry offers to the suite. */
interface AdapterModule {
  readonly createBackend: (options: Record<string, string>) => ActivationBackend | Promise<ActivationBackend>;
  /** Known failures, beside the adapter. */
  readonly expectedFailures?: readonly ExpectedFailure[];
}

const adapter = (name: string, specifier: string, options: Record<string, string>): Candidate => ({
  name,
  load: async () => {
    const module: Partial<AdapterModule> = await import(specifier);
    if (!module.createBackend) throw new TypeError(`${specifier} must export createBackend (does not).`);
    return { backend: await module.createBackend(options), expected: module.expectedFailures ?? [] };
  },
});

/** Node's. */
export const candidates: readonly Candidate[] = [
  { name: 'reference', load: async () => ({ backend: createReferenceBackend(), expected: [] }) },
  adapter('webgpu', '@isoact/webgpu', {}),
  adapter('wasm', '@isoact/wasm', {}),
  ...['cpu', 'wasm', 'webgpu'].map((backend) => adapter(`tfjs-${backend}`, '@isoact/tfjs', { backend })),
  ...['cpu', 'wasm', 'webgpu'].map((provider) =>
    adapter(`onnxruntime-${provider}`, '@isoact/onnxruntime', { provider }),
  ),
];

/** The candidates that a pattern names; * stands for any characters. */
export function selectBackends(patterns: readonly string[]): readonly Candidate[] {
  if (patterns.length === 0) return candidates;
  return patterns.flatMap((pattern) => {
    const expression = new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`);
    const found = candidates.filter(({ name }) => expression.test(name));
    if (found.length > 0) return found;
    throw new RangeError(
      `--backend must be one of ${candidates.map(({ name }) => name).join(', ')} (was ${JSON.stringify(pattern)}).`,
    );
  });
}

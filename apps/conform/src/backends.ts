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

/** What an adapter's entry offers to the suite; `expectedFailures` are its known departures. */
interface AdapterModule {
  readonly createBackend: unknown;
  readonly expectedFailures?: readonly ExpectedFailure[];
}

function candidate<M extends AdapterModule>(
  name: string,
  load: () => Promise<M>,
  create: (module: M) => ActivationBackend | Promise<ActivationBackend>,
): Candidate {
  return {
    name,
    load: async () => {
      const module = await load();
      return { backend: await create(module), expected: module.expectedFailures ?? [] };
    },
  };
}

/** Node's. */
const candidates: readonly Candidate[] = [
  { name: 'reference', load: async () => ({ backend: createReferenceBackend(), expected: [] }) },
  candidate(
    'webgpu',
    () => import('@isoact/webgpu'),
    ({ createBackend }) => createBackend(),
  ),
  candidate(
    'wasm',
    () => import('@isoact/wasm'),
    ({ createBackend }) => createBackend(),
  ),
  ...(['cpu', 'wasm', 'webgpu'] as const).map((backend) =>
    candidate(
      `tfjs-${backend}`,
      () => import('@isoact/tfjs'),
      ({ createBackend }) => createBackend({ backend }),
    ),
  ),
  ...(['cpu', 'wasm', 'webgpu'] as const).map((provider) =>
    candidate(
      `onnxruntime-${provider}`,
      () => import('@isoact/onnxruntime'),
      ({ createBackend }) => createBackend({ provider }),
    ),
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

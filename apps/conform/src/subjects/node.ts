/** The backends of Node, each loaded only when it is asked for. */
import { type ActivationBackend, createReferenceBackend } from '@isoact/core';
import type { ExpectedFailure } from '@isoact/core/conformance';
import type { LoadedGroup } from './subject.ts';

/** What an adapter offers to the suite; `expectedFailures` are its known departures. */
interface AdapterModule {
  readonly createBackend: unknown;
  readonly expectedFailures?: readonly ExpectedFailure[];
}

function adapter<M extends AdapterModule>(
  load: () => Promise<M>,
  create: (module: M) => ActivationBackend | Promise<ActivationBackend>,
): () => Promise<LoadedGroup> {
  return async () => {
    const module = await load();
    return { backend: await create(module), expected: module.expectedFailures ?? [] };
  };
}

const tfjs = (backend: 'cpu' | 'wasm' | 'webgpu') => async () => (await import('./tfjs.ts')).loadTfjs(backend);

// A thread pool for each of a thousand small sessions, and all that an optimiser can do to them, takes longer than the
// calls; what the optimiser does is looked at where models are written.
const onnxruntime = (provider: 'cpu' | 'wasm' | 'webgpu' | 'cuda') =>
  adapter(
    async () => ({ ...(await import('@isoact/onnxruntime')), ...(await import('@isoact/onnxruntime/conformance')) }),
    ({ createBackend }) => createBackend({ provider, threads: 1, optimization: 'basic' }),
  );

const builtin = {
  tfjs: (backend: 'cpu' | 'wasm' | 'webgpu') => async () =>
    (await import('../builtins/tfjs.ts')).loadTfjsBuiltins(backend),
  onnxruntime: (provider: 'cpu' | 'wasm' | 'webgpu') => async () =>
    (await import('../builtins/onnx.ts')).loadOnnxBuiltins(provider),
};

/** Of what runs on Dawn. */
const busy =
  (load: () => Promise<LoadedGroup>): (() => Promise<LoadedGroup>) =>
  async () => ({ ...(await load()), busy: true });

const loaders: Readonly<Record<string, () => Promise<LoadedGroup>>> = {
  reference: async () => ({ backend: createReferenceBackend(), expected: [] }),
  webgpu: busy(
    adapter(
      () => import('@isoact/webgpu'),
      ({ createBackend }) => createBackend(),
    ),
  ),
  wasm: adapter(
    () => import('@isoact/wasm'),
    ({ createBackend }) => createBackend(),
  ),
  'tfjs-cpu': tfjs('cpu'),
  'tfjs-wasm': tfjs('wasm'),
  'tfjs-webgpu': busy(tfjs('webgpu')),
  'onnxruntime-cpu': onnxruntime('cpu'),
  'onnxruntime-wasm': onnxruntime('wasm'),
  'onnxruntime-webgpu': onnxruntime('webgpu'),
  'onnxruntime-cuda': onnxruntime('cuda'),
  'builtin:tfjs-cpu': builtin.tfjs('cpu'),
  'builtin:tfjs-wasm': builtin.tfjs('wasm'),
  'builtin:tfjs-webgpu': busy(builtin.tfjs('webgpu')),
  'builtin:onnxruntime-cpu': builtin.onnxruntime('cpu'),
  'builtin:onnxruntime-wasm': builtin.onnxruntime('wasm'),
  'builtin:onnxruntime-webgpu': builtin.onnxruntime('webgpu'),
};

/** @throws where the machine lacks the backend. */
export function loadNodeGroup(name: string): Promise<LoadedGroup> {
  const load = loaders[name];
  if (!load) throw new RangeError(`a group of Node must be one of ${Object.keys(loaders).join(', ')} (was ${name}).`);
  return load();
}

/** Sessions on a provider, and small ones that move a tensor to the GPU, from it, and one value of it. */
import type { Provider, Runtime } from '@isoact/onnxruntime';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { BenchDtype } from '../core/dtypes.ts';
import { onnxModel, throughout } from '../peers/onnx-graph.ts';

export function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  provider: Provider,
  keepOnDevice: boolean,
): Promise<InferenceSession> {
  return runtime.InferenceSession.create(bytes, {
    executionProviders: [provider],
    logSeverityLevel: 3,
    ...(keepOnDevice && { preferredOutputLocation: 'gpu-buffer' as const }),
    // A node that the GPU refuses would run on the CPU, silently.
    ...(provider === 'webgpu' && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  });
}

export interface Helpers {
  upload(tensor: Tensor): Promise<Tensor>;
  /** The tensor's values in memory. */
  read(tensor: Tensor): Promise<Tensor>;
  /** Resolves when all work before it on the queue is done: it reads one value that depends on the tensor. */
  wait(tensor: Tensor): Promise<void>;
}

type Purpose = 'upload' | 'read' | 'wait';

/** One for each shape, shared by all candidates: each has shaders to compile, which is not what is measured. */
const sessions = new Map<string, Promise<InferenceSession>>();

function sessionFor(
  runtime: Runtime,
  purpose: Purpose,
  shape: readonly number[],
  dtype: BenchDtype,
): Promise<InferenceSession> {
  const key = `${purpose} ${dtype} ${shape.join()}`;
  const model = purpose === 'wait' ? firstValueModel(shape, dtype) : copyModel(shape, dtype);
  const session = sessions.get(key) ?? createSession(runtime, model, 'webgpu', purpose === 'upload');
  sessions.set(key, session);
  return session;
}

export async function releaseHelpers(): Promise<void> {
  const all = [...sessions.values()];
  sessions.clear();
  for (const session of all) await (await session).release();
}

/** @param shape of the tensors that are put on the GPU and waited for; others are read in their own. */
export async function openHelpers(runtime: Runtime, shape: readonly number[], dtype: BenchDtype): Promise<Helpers> {
  const uploader = await sessionFor(runtime, 'upload', shape, dtype);
  const waiter = await sessionFor(runtime, 'wait', shape, dtype);
  const one = async (session: InferenceSession, x: Tensor): Promise<Tensor> => {
    const { y } = await session.run({ x });
    if (!y) throw new Error('A helper session must give y (gave nothing).');
    return y;
  };
  return {
    upload: (tensor) => one(uploader, tensor),
    read: async (tensor) => one(await sessionFor(runtime, 'read', tensor.dims, dtype), tensor),
    wait: async (tensor) => {
      await one(waiter, tensor);
    },
  };
}

/** Multiplied by 1, for an Identity might hand on the input's own memory. */
const copyModel = (shape: readonly number[], dtype: BenchDtype): Uint8Array =>
  onnxModel(
    ['x'],
    shape,
    ({ node, scalar }) => ({ y: { value: node('Mul', 'x', scalar(1)), shape } }),
    throughout(dtype),
  );

const firstValueModel = (shape: readonly number[], dtype: BenchDtype): Uint8Array => {
  const [zeros, ones] = [shape.map(() => 0), shape.map(() => 1)];
  return onnxModel(
    ['x'],
    shape,
    ({ node, integers }) => ({ y: { value: node('Slice', 'x', integers(zeros), integers(ones)), shape: ones } }),
    throughout(dtype),
  );
};

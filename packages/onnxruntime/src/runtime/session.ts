/** Sessions: one graph, loaded by one provider, run on host arrays. */
import { type Data, DeviceError, type Dtype, mustBe, UnavailableError } from '@isoact/core';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { isNode, isOnGpu, messageOf, type Provider, type Runtime } from './runtime.ts';
import { inTurn, takingTurns } from './turns.ts';

export type OptimizationLevel = 'disabled' | 'basic' | 'extended' | 'all';

/** Whatever is a GPUDevice to `onnxruntime-web/webgpu`: its type is known only where WebGPU's types are. */
export type GpuDevice = NonNullable<InferenceSession.WebGpuExecutionProviderOption['device']>;

export interface SessionOptions {
  readonly provider: Provider;
  /** In a browser, the device that the provider webgpu is to use: one for all, so that buffers can be shared. */
  readonly gpuDevice?: GpuDevice | undefined;
  readonly optimization?: OptimizationLevel | undefined;
  /** Threads of the CPU providers; as many as ONNX Runtime chooses unless given. */
  readonly threads?: number | undefined;
}

/** @throws UnavailableError where the provider cannot be had, DeviceError where it cannot run the whole graph. */
export async function openSession(
  runtime: Runtime,
  model: Uint8Array,
  { provider, gpuDevice, optimization = 'all', threads }: SessionOptions,
  more: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const create = () =>
    runtime.InferenceSession.create(model, {
      executionProviders: [gpuDevice ? { name: 'webgpu', device: gpuDevice } : provider],
      graphOptimizationLevel: optimization,
      logSeverityLevel: 3,
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      // without this, nodes that a GPU provider lacks go to the CPU without a word
      ...(isOnGpu(provider) && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
      ...more,
    });
  try {
    if (isNode || provider !== 'webgpu') return await create();
    return takingTurns(runtime, await inTurn(runtime, create));
  } catch (error) {
    const message = messageOf(error);
    if (/not (available|supported|found)|no available backend|Failed to (get a WebGPU|load shared)/i.test(message)) {
      throw new UnavailableError(
        mustBe(
          `ONNX Runtime's provider ${provider}`,
          'available',
          message,
          provider === 'cuda'
            ? "Let onnxruntime-node's install script fetch CUDA's libraries, or use another provider."
            : 'Use another provider, or another machine.',
        ),
        { cause: error },
      );
    }
    throw new DeviceError(mustBe(`the graph for ${provider}`, 'accepted by ONNX Runtime', message), { cause: error });
  }
}

/** A tensor over the array; the array is not copied. */
export const tensorOf = (runtime: Runtime, dtype: Dtype, data: Data, shape: readonly number[]): Tensor =>
  new runtime.Tensor(dtype, data, shape);

/** The values of an output, float16 as bits also where the runtime makes a Float16Array of them. */
export function dataOf(tensor: Tensor): Data {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Float64Array || data instanceof Uint16Array) return data;
  const view = data as unknown as ArrayBufferView;
  return new Uint16Array(view.buffer, view.byteOffset, view.byteLength / 2);
}

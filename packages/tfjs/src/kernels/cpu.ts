/** Fused kernels on tfjs's cpu backend: generated JavaScript on its arrays. */
import { elementCount } from '@isoact/core';
import type { DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelCall, outputSlots } from './call.ts';
import { runOnHost } from './host.ts';

/** What is used of tfjs's `MathBackendCPU`, whose package is an optional peer. */
interface CpuBackend {
  readonly data: { get(dataId: DataId): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: DataType, values: Float32Array): TensorInfo;
}

export function runOnCpu(call: KernelCall, inputs: readonly TensorInfo[], backend: object): TensorInfo[] {
  const { data, makeTensorInfo } = bound(backend as CpuBackend);
  const slots = outputSlots(call);
  const outputs = slots.map(({ shape }) => new Float32Array(elementCount(shape)));
  runOnHost(
    call,
    inputs.map(({ dataId }) => data.get(dataId).values),
    outputs,
  );
  return slots.map(({ shape }, k) => makeTensorInfo([...shape], 'float32', outputs[k] as Float32Array));
}

const bound = (backend: CpuBackend): CpuBackend => ({
  data: backend.data,
  makeTensorInfo: backend.makeTensorInfo.bind(backend),
});

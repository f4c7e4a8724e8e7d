/** Fused kernels on tfjs's wasm backend, in its own memory. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelCall, outputSlots } from './call.ts';
import { runOnHost } from './host.ts';

/** What is used of tfjs's `BackendWasm`, whose package is an optional peer. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

export function runOnWasm(call: KernelCall, inputs: readonly TensorInfo[], backend: object): TensorInfo[] {
  const wasm = backend as WasmBackend;
  const outputs = outputSlots(call).map(({ shape }) => wasm.makeOutput([...shape], 'float32'));
  // only now: an allocation may grow the memory, which detaches every view
  const view = (tensor: TensorInfo): Float32Array => wasm.typedArrayFromHeap(tensor);
  runOnHost(call, inputs.map(view), outputs.map(view));
  return outputs;
}

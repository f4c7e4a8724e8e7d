/**
 * Training of convolutional networks on tfjs's wasm backend, which lacks the gradients of some kernels (tfjs issue
 * 8474): they are borrowed from its cpu backend, plain JavaScript on copies of the tensors. What is borrowed is slow;
 * everything else stays on wasm.
 */
import {
  type DataId,
  type DataType,
  findBackend,
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import { initialize } from '../backend/peers.ts';

/** What the gradients of convolutions and of gathering need, and tfjs-backend-wasm 4.22 has not. */
const lacking = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
] as const;

/** What is used of the two backends, whose packages are optional peers. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): TypedArray;
}
interface CpuBackend {
  readonly data: { get(dataId: DataId): { readonly values: TypedArray } };
  makeTensorInfo(shape: number[], dtype: DataType, values: TypedArray): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

/**
 * Lets networks with convolutions train on tfjs's wasm backend.
 *
 * @returns The names of the kernels that were borrowed from the cpu backend; none the second time.
 * @throws UnavailableError where tfjs-backend-wasm or tfjs-backend-cpu is not installed.
 */
export async function enableWasmTraining(): Promise<readonly string[]> {
  await initialize('cpu');
  await initialize('wasm');
  const missing = lacking.filter((kernelName) => !getKernel(kernelName, 'wasm') && getKernel(kernelName, 'cpu'));
  for (const kernelName of missing) {
    const { kernelFunc } = getKernel(kernelName, 'cpu');
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: borrowed(kernelFunc) });
  }
  return missing;
}

const borrowed =
  (kernelFunc: KernelFunc): KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const cpu = findBackend('cpu') as unknown as CpuBackend;
    const wasm = backend as WasmBackend;
    const copies = Object.entries(inputs).flatMap(([name, tensor]): [string, TensorInfo][] => {
      if (!tensor) return [];
      const values = wasm.typedArrayFromHeap(tensor).slice();
      return [[name, cpu.makeTensorInfo(tensor.shape, tensor.dtype, values)]];
    });
    const result = kernelFunc({ inputs: Object.fromEntries(copies), backend: cpu, ...(attrs && { attrs }) });
    const toWasm = (computed: TensorInfo): TensorInfo => {
      const output = wasm.makeOutput(computed.shape, computed.dtype);
      wasm.typedArrayFromHeap(output).set(cpu.data.get(computed.dataId).values);
      cpu.disposeIntermediateTensorInfo(computed);
      return output;
    };
    const outputs = Array.isArray(result) ? result.map(toWasm) : toWasm(result);
    for (const [, copy] of copies) cpu.disposeIntermediateTensorInfo(copy);
    return outputs;
  };

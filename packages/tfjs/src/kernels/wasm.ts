/**
 * Fused kernels on tfjs's wasm backend: generated WebAssembly with SIMD in tfjs's own memory, or generated JavaScript
 * on views of it where the engine or tfjs's memory (shared between threads) allows no module of ours.
 */
import { CodeGenerationError, compileWasm, rangeClasses, type WasmKernel } from '@isoact/codegen';
import { elementCount, UnavailableError, upstreamPenalty } from '@isoact/core';
import { plan, sequentialTarget } from '@isoact/core/plan';
import type { DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { cachedFor, inputSlots, type KernelCall, outputSlots, plannedSpec, type Slot } from './call.ts';
import { runOnHost } from './host.ts';

/** What is used of tfjs's `BackendWasm`, whose package is an optional peer. */
interface WasmBackend {
  readonly wasm: { readonly asm?: { readonly memory?: WebAssembly.Memory } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  getMemoryOffset(dataId: DataId): number;
  disposeData(dataId: DataId): boolean;
}

export function runOnWasm(call: KernelCall, inputs: readonly TensorInfo[], tfjsBackend: object): TensorInfo[] {
  const backend = tfjsBackend as WasmBackend;
  const kernel = elementCount(call.spec.shape) > 0 ? kernelOf(call, backend) : null;
  const slots = outputSlots(call);
  const outputs = slots.map(({ shape }) => backend.makeOutput([...shape], 'float32'));
  const scratch = kernel && kernel.scratchBytes > 0 ? makeScratch(kernel.scratchBytes, backend) : null;
  // only now: an allocation may grow the memory, which detaches every view
  const view = (tensor: TensorInfo): Float32Array => backend.typedArrayFromHeap(tensor);
  if (!kernel) {
    runOnHost(call, inputs.map(view), outputs.map(view));
    return outputs;
  }
  const offset = ({ dataId }: TensorInfo): number => backend.getMemoryOffset(dataId);
  const places: Record<Slot['kind'] | 'output' | 'scalar', Record<string, number>> = {
    element: {},
    parameter: { [upstreamPenalty]: 0, ...call.activation.parameters },
    state: {},
    output: {},
    scalar: {},
  };
  for (const [k, { kind, name, shape }] of inputSlots(call).entries()) {
    const tensor = inputs[k] as TensorInfo;
    // a parameter with one value is a number, not a place
    const isNumber = kind === 'parameter' && elementCount(shape) === 1;
    places[kind][name] = isNumber ? (view(tensor)[0] as number) : offset(tensor);
  }
  for (const [k, { kind, name }] of slots.entries()) {
    places[kind === 'element' ? 'output' : 'scalar'][name] = offset(outputs[k] as TensorInfo);
  }
  kernel.run({
    inputs: places.element,
    parameters: places.parameter,
    state: places.state,
    seed: call.seed,
    outputs: places.output,
    scalars: places.scalar,
    ...(scratch && { scratch: align(offset(scratch)) }),
  });
  if (scratch) backend.disposeData(scratch.dataId);
  return outputs;
}

/** The kernel on tfjs's memory; null where there can be none. */
function kernelOf(call: KernelCall, { wasm }: WasmBackend): WasmKernel | null {
  const memory = wasm.asm?.memory;
  if (!memory) return null;
  const kernels = cachedFor('wasm', call, () => new WeakMap<WebAssembly.Memory, WasmKernel | 'impossible'>());
  const kernel = kernels.get(memory) ?? tryCompile(call, memory);
  kernels.set(memory, kernel);
  return kernel === 'impossible' ? null : kernel;
}

function tryCompile(call: KernelCall, memory: WebAssembly.Memory): WasmKernel | 'impossible' {
  try {
    const planned = plan(call.activation, plannedSpec(call), call.direction, sequentialTarget);
    return compileWasm(planned, memory, { bounds: rangeClasses(call.activation) });
  } catch (error) {
    const isImpossible =
      error instanceof UnavailableError ||
      error instanceof CodeGenerationError ||
      error instanceof WebAssembly.LinkError;
    if (isImpossible) return 'impossible';
    throw error;
  }
}

const alignment = 16;
const align = (offset: number): number => Math.ceil(offset / alignment) * alignment;

const makeScratch = (bytes: number, backend: WasmBackend): TensorInfo =>
  backend.makeOutput([Math.ceil((bytes + alignment) / 4)], 'float32');

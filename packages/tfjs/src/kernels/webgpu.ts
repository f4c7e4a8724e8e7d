/**
 * Fused kernels on tfjs's webgpu backend: generated WGSL on its own device and buffers, recorded into the commands that
 * it is about to submit.
 *
 * Its own way to add a kernel writes one output and adds uniforms that we do not read, so this records by itself, in
 * the open compute pass if there is one. What a batch uses is marked as owned by it, so that no buffer is taken back
 * and written before the batch has been submitted; `submitQueue` is never called while a pass is open.
 */
import { generateProgram, type Kernel, type Program } from '@isoact/codegen';
import { elementCount, mustBe, outputShape, UnsupportedError } from '@isoact/core';
import { gpuTarget, plan } from '@isoact/core/plan';
import { type DataId, type DataType, env, type TensorInfo } from '@tensorflow/tfjs-core';
import { isSoftware } from '../backend/device-info.ts';
import { cachedFor, inputSlots, type KernelCall, outputSlots, plannedSpec, type Slot } from './call.ts';
import { runWithoutElements } from './host.ts';

/** What is used of tfjs's `WebGPUBackend`, whose package is an optional peer; its recording is private to it. */
interface WebGpuBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(dataId: DataId): { readonly resource?: GPUBuffer | null } };
  readonly bufferManager: { acquireBuffer(size: number, usage: number): GPUBuffer };
  readonly commandQueueOwnedIds: { add(dataId: DataId): void };
  readonly uniformPendingDisposal: GPUBuffer[];
  readonly commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: number[], dtype: DataType, values?: Float32Array): TensorInfo;
  uploadToGPU(dataId: DataId): void;
  disposeData(dataId: DataId): boolean;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

export function runOnWebGpu(call: KernelCall, inputs: readonly TensorInfo[], tfjsBackend: object): TensorInfo[] {
  const backend = tfjsBackend as WebGpuBackend;
  const slots = outputSlots(call);
  if (elementCount(call.spec.shape) === 0) {
    return runWithoutElements(call).map((values, k) =>
      backend.makeTensorInfo([...shapeOf(slots[k])], 'float32', values),
    );
  }
  const program = programOf(call, backend.device);
  const outputs = slots.map(({ shape }) => backend.makeTensorInfo([...shape], 'float32'));
  const scratch = backend.makeTensorInfo([Math.max(program.scratchWords, 1)], 'float32');
  const buffers = new Map<string, GPUBuffer>([['scratch', bufferOf(scratch)]]);
  for (const [k, slot] of inputSlots(call).entries()) buffers.set(inputKey(slot), bufferOf(inputs[k] as TensorInfo));
  for (const [k, slot] of slots.entries()) buffers.set(outputKey(slot), bufferOf(outputs[k] as TensorInfo));

  record(backend, program, buffers, call);
  for (const { dataId } of [...inputs, ...outputs, scratch]) backend.commandQueueOwnedIds.add(dataId);
  backend.disposeData(scratch.dataId); // given back once the batch is submitted
  return outputs;

  function bufferOf({ dataId }: TensorInfo): GPUBuffer {
    backend.uploadToGPU(dataId);
    return backend.tensorMap.get(dataId).resource as GPUBuffer;
  }
}

const shapeOf = (slot: Slot | undefined): readonly number[] => slot?.shape ?? [];

/** Keys of buffers, by what a kernel's bindings call them. */
const inputKey = ({ kind, name }: Slot): string => `${kind === 'element' ? 'input' : kind}:${name}`;
const outputKey = ({ kind, name }: Slot): string => `${kind === 'element' ? 'output' : 'scalar'}:${name}`;
const bindingKey = (binding: Kernel['bindings'][number]): string =>
  binding.kind === 'scratch' ? 'scratch' : `${binding.kind}:${binding.name}`;

function programOf(call: KernelCall, device: GPUDevice): Program {
  const avoidsBarriers = isSoftware(device);
  return cachedFor(`wgsl ${avoidsBarriers}`, call, () => {
    const program = generateProgram(plan(call.activation, plannedSpec(call), call.direction, gpuTarget), {
      avoidsBarriers,
      // tfjs asks for a device with eight, whatever the GPU has
      storageBuffers: device.limits.maxStorageBuffersPerShaderStage,
    });
    checkLimits(call, program, device.limits);
    return program;
  });
}

/**
 * Checks that a call fits the device, before any work.
 * @throws UnsupportedError
 */
export function checkOnWebGpu(call: KernelCall, tfjsBackend: object): void {
  if (elementCount(call.spec.shape) > 0) programOf(call, (tfjsBackend as WebGpuBackend).device);
}

function checkLimits(
  { activation, spec, direction }: KernelCall,
  { kernels }: Program,
  limits: GPUSupportedLimits,
): void {
  const bytes = elementCount(outputShape(activation, spec)) * 4;
  const mostBytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  if (bytes > mostBytes) {
    const remedy = 'Split it along its first axis.';
    throw new UnsupportedError(mustBe('a tensor on tfjs-webgpu', `of at most ${mostBytes} bytes`, bytes, remedy));
  }
  const most = limits.maxStorageBuffersPerShaderStage;
  const buffers = Math.max(...kernels.map(({ bindings }) => bindings.length));
  if (buffers > most) {
    const subject = `the storage buffers of ${activation.name} ${direction} on tfjs-webgpu`;
    const remedy = "Let fewer parameters train, or take the form 'composed'.";
    throw new UnsupportedError(mustBe(subject, `at most ${most}`, buffers, remedy));
  }
}

/** Adds the kernels to the commands that wait for submission. */
function record(
  backend: WebGpuBackend,
  { kernels }: Program,
  buffers: ReadonlyMap<string, GPUBuffer>,
  call: KernelCall,
): void {
  const { device } = backend;
  backend.ensureCommandEncoderReady();
  const uniforms = kernels.map((kernel) => writeUniforms(backend, kernel, call));
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
  const pass = backend.computePassEncoder;
  for (const [k, kernel] of kernels.entries()) {
    const pipeline = pipelineOf(device, kernel);
    const resources = [uniforms[k], ...kernel.bindings.map((binding) => buffers.get(bindingKey(binding)))];
    const bound = resources.filter((buffer) => buffer !== undefined);
    const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    const layers = Math.ceil(kernel.workgroups / device.limits.maxComputeWorkgroupsPerDimension);
    pass.dispatchWorkgroups(Math.ceil(kernel.workgroups / layers), layers);
  }
  backend.dispatchCountInPass += kernels.length;
  // as tfjs does after each of its own kernels: what was disposed meanwhile is given back
  if (backend.dispatchCountInPass >= Number(env().get('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE'))) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** The uniform buffer of a kernel: sizes, and the parameters that are numbers. */
function writeUniforms(
  backend: WebGpuBackend,
  { uniforms }: Kernel,
  { activation: { parameters }, seed = new Uint32Array(2) }: KernelCall,
): GPUBuffer | undefined {
  if (uniforms.length === 0) return undefined;
  const words = new DataView(new ArrayBuffer(uniforms.length * 4));
  uniforms.forEach((uniform, k) => {
    if (uniform.type === 'u32') words.setUint32(4 * k, uniform.value, true);
    else if (uniform.type === 'seed') words.setUint32(4 * k, seed[uniform.word] as number, true);
    else words.setFloat32(4 * k, uniform.type === 'f32' ? uniform.value : (parameters[uniform.name] as number), true);
  });
  const buffer = backend.bufferManager.acquireBuffer(
    words.byteLength,
    GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  );
  backend.queue.writeBuffer(buffer, 0, words.buffer);
  backend.uniformPendingDisposal.push(buffer);
  return buffer;
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

function pipelineOf(device: GPUDevice, { code, label }: Kernel): GPUComputePipeline {
  const known = pipelines.get(device) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(device, known);
  let pipeline = known.get(code);
  if (!pipeline) {
    const module = device.createShaderModule({ code, label });
    pipeline = device.createComputePipeline({ label, layout: 'auto', compute: { module, entryPoint: 'main' } });
    known.set(code, pipeline);
  }
  return pipeline;
}

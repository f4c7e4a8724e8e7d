/** Our kernels as a WebGPU user runs them: on buffers of their own, a batch of calls in one command buffer. */
import { elementCount, stateShapes } from '@isoact/core';
import type { ActivationKernel, createKernel } from '@isoact/webgpu';
import type { BenchCase, Candidate } from '../core/candidate.ts';
import { bytesOf, lengthOf, outputLength, primaryLength, specOf } from '../core/case-data.ts';
import { elementTypes } from '../core/dtypes.ts';
import { bufferBytes, type OpenGpu, passCalls, writeElements } from './gpu.ts';

interface BufferSet {
  /** Instances keep the bindings of a few sets each. */
  readonly kernel: ActivationKernel;
  readonly x: GPUBuffer;
  readonly upstream: GPUBuffer;
  readonly primary: GPUBuffer;
  readonly parameterGradients: Readonly<Record<string, GPUBuffer>>;
  readonly newState: Readonly<Record<string, GPUBuffer>>;
}

/** Sets that share an instance: it remembers the bindings of 32. */
const setsOfInstance = 32;

export async function openKernel(create: typeof createKernel, gpu: OpenGpu, question: BenchCase): Promise<Candidate> {
  const { device, errors } = gpu;
  const { activation, direction, shape, dtype } = question;
  // The device is shared: errors of an earlier candidate are not this one's.
  const reportedBefore = errors.length;
  const trained = direction === 'vjp' ? activation.trainable : [];
  const states = Object.entries(stateShapes(activation, { shape }));
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  let kernels: ActivationKernel[] = [];
  let buffers: GPUBuffer[] = [];
  let sets: BufferSet[] = [];
  let turn = 0;
  const buffer = (bytes: number): GPUBuffer => {
    const made = device.createBuffer({ size: bufferBytes(bytes), usage });
    buffers.push(made);
    return made;
  };
  const openInstance = async (): Promise<ActivationKernel> => {
    const kernel = await create(device, activation, specOf(question), { gradients: direction === 'vjp' });
    kernels.push(kernel);
    return kernel;
  };
  const openSet = (kernel: ActivationKernel): BufferSet => ({
    kernel,
    x: buffer(bytesOf(question, lengthOf(question))),
    upstream: buffer(direction === 'vjp' ? bytesOf(question, outputLength(question)) : 0),
    primary: buffer(bytesOf(question, primaryLength(question))),
    // Numbers that are not elements are float32 in buffers, whatever the elements are.
    parameterGradients: Object.fromEntries(trained.map((name) => [name, buffer(4)])),
    newState: Object.fromEntries(states.map(([name, each]) => [name, buffer(4 * elementCount(each))])),
  });
  const close = (): void => {
    for (const kernel of kernels) kernel.dispose();
    for (const each of buffers) each.destroy();
    [kernels, buffers] = [[], []];
  };
  const encode = (pass: GPUComputePassEncoder, count: number): void => {
    for (let k = 0; k < count; k++) {
      turn = (turn + 1) % sets.length;
      const { kernel, x, upstream, primary, parameterGradients, newState } = current();
      if (direction === 'forward') kernel.encode(pass, { x, y: primary, newState });
      else kernel.encodeVjp(pass, { x, upstream, gradient: primary, parameterGradients });
    }
  };
  const current = (): BufferSet => {
    const set = sets[turn];
    if (!set) throw new Error('A candidate must be prepared before it is called (was not).');
    return set;
  };
  const first = await openInstance();
  const planned = direction === 'forward' ? first.forward : first.vjp;
  if (!planned) throw new Error(`webgpu has no gradient of ${activation.name}`);
  return {
    door: 'native',
    cost: { bytes: planned.bytes, passes: planned.passes, dispatches: planned.dispatches },
    rotates: true,
    ...passCalls(gpu, encode),
    prepare: async (inputs, count = 1) => {
      // The first instance, compiled when the candidate was opened, serves the usual single set.
      const [own] = kernels.splice(0, 1);
      close();
      kernels = own ? [own] : [];
      while (kernels.length < Math.ceil(count / setsOfInstance)) await openInstance();
      sets = Array.from({ length: count }, (_, index) =>
        openSet(kernels[Math.floor(index / setsOfInstance)] as ActivationKernel),
      );
      for (const { x, upstream } of sets) {
        writeElements(device, x, inputs.x);
        if (direction === 'vjp') writeElements(device, upstream, inputs.upstream);
      }
      await device.queue.onSubmittedWorkDone();
    },
    readOutputs: async () => {
      const { primary, parameterGradients } = current();
      const values = await read(device, primary);
      const gradients: Record<string, Float32Array> = {};
      for (const [name, each] of Object.entries(parameterGradients)) {
        gradients[name] = new Float32Array(await read(device, each), 0, 1);
      }
      return { primary: elementTypes[dtype].view(values, primaryLength(question)), parameters: gradients };
    },
    errors: () => errors.slice(reportedBefore),
    dispose: async () => close(),
  };
}

async function read(device: GPUDevice, source: GPUBuffer): Promise<ArrayBuffer> {
  const { size } = source;
  const target = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, target, 0, size);
  device.queue.submit([encoder.finish()]);
  await target.mapAsync(GPUMapMode.READ);
  const values = target.getMappedRange().slice(0);
  target.destroy();
  return values;
}

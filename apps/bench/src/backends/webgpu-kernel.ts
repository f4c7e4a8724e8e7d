/** Our kernels as a WebGPU user runs them: on buffers of their own, a batch of calls in one command buffer. */
import { elementCount, stateShapes } from '@isoact/core';
import type { BufferView, createKernel } from '@isoact/webgpu';
import type { BenchCase, Candidate } from '../core/candidate.ts';
import { lengthOf } from '../core/case-data.ts';
import type { OpenGpu } from './gpu.ts';

export async function openKernel(
  create: typeof createKernel,
  { device, errors }: OpenGpu,
  question: BenchCase,
): Promise<Candidate> {
  const { activation, direction, shape, dtype } = question;
  // The device is shared: errors of an earlier candidate are not this one's.
  const reportedBefore = errors.length;
  const kernel = await create(device, activation, { shape, dtype }, { gradients: direction === 'vjp' });
  const planned = direction === 'forward' ? kernel.forward : kernel.vjp;
  if (!planned) throw new Error(`webgpu has no gradient of ${activation.name}`);
  const size = 4 * lengthOf(question);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffers: GPUBuffer[] = [];
  const buffer = (bytes: number): GPUBuffer => {
    const made = device.createBuffer({ size: Math.max(16, bytes), usage });
    buffers.push(made);
    return made;
  };
  const [x, upstream, primary] = [buffer(size), buffer(size), buffer(size)];
  const scalars = direction === 'vjp' ? activation.trainable.map((name) => [name, buffer(4)] as const) : [];
  const parameterGradients: Readonly<Record<string, BufferView>> = Object.fromEntries(scalars);
  const states = Object.entries(stateShapes(activation, { shape }));
  const newState = Object.fromEntries(states.map(([name, each]) => [name, buffer(4 * elementCount(each))]));
  const encode = (pass: GPUComputePassEncoder): void => {
    if (direction === 'forward') kernel.encode(pass, { x, y: primary, newState });
    else kernel.encodeVjp(pass, { x, upstream, gradient: primary, parameterGradients });
  };
  return {
    door: 'native',
    cost: { bytes: planned.bytes, passes: planned.passes, dispatches: planned.dispatches },
    prepare: async (inputs) => {
      device.queue.writeBuffer(x, 0, inputs.x.slice());
      device.queue.writeBuffer(upstream, 0, inputs.upstream.slice());
      await device.queue.onSubmittedWorkDone();
    },
    call: async (count) => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let k = 0; k < count; k++) encode(pass);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    readOutputs: async () => {
      const values = await read(device, primary, size);
      const gradients = await Promise.all(
        scalars.map(async ([name, each]) => [name, await read(device, each, 4)] as const),
      );
      return { primary: values, parameters: Object.fromEntries(gradients) };
    },
    errors: () => errors.slice(reportedBefore),
    dispose: async () => {
      kernel.dispose();
      for (const each of buffers) each.destroy();
    },
  };
}

async function read(device: GPUDevice, source: GPUBuffer, size: number): Promise<Float32Array> {
  const target = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, target, 0, size);
  device.queue.submit([encoder.finish()]);
  await target.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(target.getMappedRange().slice(0));
  target.destroy();
  return values;
}

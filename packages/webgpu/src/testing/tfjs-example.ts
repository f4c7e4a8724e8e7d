/**
 * Example: a kernel in the middle of a tfjs computation, on tfjs's device and buffers. Nothing is copied.
 */

import { velu } from '@isoact/core';
import { createKernel } from '@isoact/webgpu';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/** sum(velu(2·x)), with velu by our kernel and the rest by tfjs. */
export async function sumOfVelu(values: readonly number[], shape: [number, number]): Promise<number> {
  tf.env().set('WEBGPU_CPU_FORWARD', false); // small tensors too
  await tf.setBackend('webgpu');
  await tf.ready();
  const backend = tf.backend() as WebGPUBackend;
  const { device } = backend;
  const kernel = await createKernel(device, velu(), { shape, dtype: 'float32' }, { gradients: false });

  const doubled = tf.mul(tf.tensor(values as number[], shape), 2);
  // Bring the result to the device, and what tfjs has recorded so far to the queue.
  backend.uploadToGPU(doubled.dataId);
  backend.endComputePassEncoder();
  backend.submitQueue();
  const x = backend.tensorMap.get(doubled.dataId).resource as GPUBuffer;

  const y = device.createBuffer({ size: doubled.size * 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const encoder = device.createCommandEncoder();
  kernel.encode(encoder, { x, y });
  device.queue.submit([encoder.finish()]);

  const activated = tf.tensor({ buffer: y, zeroCopy: true }, shape);
  const [total] = await tf.sum(activated).data();
  kernel.dispose();
  return total as number;
}

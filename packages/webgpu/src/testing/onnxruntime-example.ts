/**
 * Example: a kernel behind an ONNX Runtime Web session, on the session's device and output buffer. Nothing is copied.
 */

import { velu } from '@isoact/core';
import { createKernel } from '@isoact/webgpu';
import * as ort from 'onnxruntime-web/webgpu';
import { reluModel } from './relu-model.ts';

/** sum(velu(relu(x))), with relu by ONNX Runtime and velu by our kernel. */
export async function veluAfterSession(values: readonly number[], shape: [number, number]): Promise<number[]> {
  ort.env.wasm.wasmPaths = '/onnxruntime/';
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(reluModel(), {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device: GPUDevice = await ort.env.webgpu.device;
  const kernel = await createKernel(device, velu(), { shape, dtype: 'float32' }, { gradients: false });

  const { y: rectified } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(values), shape) });
  const x = (rectified as ort.Tensor).gpuBuffer as GPUBuffer;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const y = device.createBuffer({ size: values.length * 4, usage });
  const encoder = device.createCommandEncoder();
  kernel.encode(encoder, { x, y });
  device.queue.submit([encoder.finish()]);

  // The result is an input of the next session, or read back.
  const next = ort.Tensor.fromGpuBuffer(y, { dataType: 'float32', dims: shape });
  const { y: again } = await session.run({ x: next });
  const data = await (again as ort.Tensor).getData();
  kernel.dispose();
  return [...(data as Float32Array)];
}

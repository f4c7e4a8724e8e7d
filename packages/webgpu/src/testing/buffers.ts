/** Buffers for tests. */
import {
  GPUBufferUsageCopySource,
  GPUBufferUsageCopyTarget,
  GPUBufferUsageMapRead,
  GPUBufferUsageStorage,
} from '../instance.ts';

/** A storage buffer with these numbers. */
export function writeNumbers(device: GPUDevice, values: Float32Array<ArrayBuffer>): GPUBuffer {
  const usage = GPUBufferUsageStorage | GPUBufferUsageCopySource | GPUBufferUsageCopyTarget;
  const buffer = device.createBuffer({ size: Math.max(4, values.byteLength), usage });
  device.queue.writeBuffer(buffer, 0, values);
  return buffer;
}

/** The numbers in a buffer, after all submitted work. */
export async function readNumbers(device: GPUDevice, source: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({ size: source.size, usage: GPUBufferUsageCopyTarget | GPUBufferUsageMapRead });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(1);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}

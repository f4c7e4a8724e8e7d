/** Compiled pipelines, kept per device by their text: a new size or parameter value compiles nothing. */

import type { Kernel } from '@isoact/codegen';
import { DeviceError } from '@isoact/core';

const caches = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();
const writableCaches = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

export function pipelineOf(device: GPUDevice, { code, label }: Kernel): Promise<GPUComputePipeline> {
  let cache = caches.get(device);
  if (!cache) {
    cache = new Map();
    caches.set(device, cache);
  }
  let pipeline = cache.get(code);
  if (!pipeline) {
    pipeline = compile(device, code, label);
    cache.set(code, pipeline);
    pipeline.catch(() => cache.delete(code));
  }
  return pipeline;
}

async function compile(device: GPUDevice, code: string, label: string): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  try {
    return await device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
  } catch (error) {
    const { messages } = await module.getCompilationInfo();
    const details = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join('\n');
    throw new DeviceError(
      `the kernel "${label}" must compile (was refused: ${details || String(error)}). This is a defect of isoact.`,
    );
  }
}

/**
 * The same kernel with every storage buffer writable. WebGPU refuses one buffer as read-only and as writable in one
 * dispatch, even where the ranges are apart; as writable twice it is allowed.
 */
export function writablePipelineOf(device: GPUDevice, { code, label }: Kernel): GPUComputePipeline {
  let cache = writableCaches.get(device);
  if (!cache) {
    cache = new Map();
    writableCaches.set(device, cache);
  }
  let pipeline = cache.get(code);
  if (!pipeline) {
    const module = device.createShaderModule({
      label,
      code: code.replaceAll('<storage, read>', '<storage, read_write>'),
    });
    pipeline = device.createComputePipeline({ label, layout: 'auto', compute: { module } });
    cache.set(code, pipeline);
  }
  return pipeline;
}

/** A WebGPU device for candidates, in Node or in a browser. */
import type { DeviceSummary } from '../core/candidate.ts';

export interface OpenGpu {
  readonly device: GPUDevice;
  readonly summary: DeviceSummary;
  /** What the device reported without throwing since it was opened. */
  readonly errors: readonly string[];
  close(): void;
}

/** Drivers that compute on the CPU; not all of them say so themselves. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** Opens the best adapter of `navigator.gpu`. @throws where there is none. */
export async function openGpu(): Promise<OpenGpu> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('needs a WebGPU adapter (there is none)');
  const { vendor, architecture, device: name, description, isFallbackAdapter } = adapter.info;
  const software = isFallbackAdapter || softwareNames.test(`${architecture} ${name} ${description}`);
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
  });
  const errors: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') errors.push(`the device was lost: ${message}`);
  });
  return {
    device,
    summary: { kind: 'gpu', description: description || name || `${vendor} ${architecture}`.trim() || 'GPU', software },
    errors,
    close: () => device.destroy(),
  };
}

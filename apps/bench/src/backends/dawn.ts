/** WebGPU in Node, by Dawn: one instance for the whole process, as a browser has one. */
import type { Dawn } from '@isoact-tooling/gpu';
import type { DeviceSummary } from '../core/candidate.ts';

export interface OpenGpu {
  readonly device: GPUDevice;
  readonly summary: DeviceSummary;
  /** What the device reported without throwing since it was opened. */
  readonly errors: readonly string[];
  close(): void;
}

/** Opens the best adapter. @throws where there is none, or Dawn cannot be loaded. */
export async function openGpu(): Promise<OpenGpu> {
  const { isSoftware, provideNavigatorGpu } = await import('@isoact-tooling/gpu');
  const dawn: Dawn = provideNavigatorGpu();
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('needs a WebGPU adapter (there is none)');
  const { vendor, architecture, device: name, description, isFallbackAdapter } = adapter.info;
  const software = isSoftware({ vendor, architecture, device: name, description, isFallbackAdapter });
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
  });
  const errors: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  return {
    device,
    summary: { kind: 'gpu', description: description || name || `${vendor} ${architecture}`.trim(), software },
    errors,
    close: () => {
      device.destroy();
      dawn.release();
    },
  };
}

/** A WebGPU device for candidates, in Node or in a browser. */
import type { Candidate, DeviceSummary } from '../core/candidate.ts';
import type { Elements } from '../core/dtypes.ts';
import { type GpuTimestamps, openTimestamps } from './gpu-timestamps.ts';

export interface OpenGpu {
  readonly device: GPUDevice;
  readonly summary: DeviceSummary;
  /** What the device reported without throwing since it was opened. */
  readonly errors: readonly string[];
  readonly timestamps: GpuTimestamps | null;
  /** Why the device is gone, or null while it is there. */
  lost(): string | null;
  close(): void;
}

/** Drivers that compute on the CPU; not all of them say so themselves. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** Calls as one compute pass, until the device has done it, and between its timestamps where it has them. */
export function passCalls(
  { device, timestamps }: OpenGpu,
  encode: (pass: GPUComputePassEncoder, count: number) => void,
): Pick<Candidate, 'call' | 'stamps'> {
  return {
    call: async (count) => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      encode(pass, count);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    ...(timestamps && {
      stamps: {
        quantumNs: timestamps.quantumNs,
        time: (count) => timestamps.time((pass) => encode(pass, count)),
      },
    }),
  };
}

/** Bytes of a buffer: whole words, and never none. */
export const bufferBytes = (bytes: number): number => Math.max(16, Math.ceil(bytes / 4) * 4);

/** Puts elements into a buffer; the queue takes whole words. */
export function writeElements(device: GPUDevice, target: GPUBuffer, elements: Elements): void {
  const bytes = new Uint8Array(bufferBytes(elements.byteLength));
  bytes.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
  device.queue.writeBuffer(target, 0, bytes);
}

/** Opens the best adapter of `navigator.gpu`. @throws where there is none. */
export async function openGpu(): Promise<OpenGpu> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('needs a WebGPU adapter (there is none)');
  const { vendor, architecture, device: name, description, isFallbackAdapter } = adapter.info;
  const software = isFallbackAdapter || softwareNames.test(`${architecture} ${name} ${description}`);
  const { deviceDescriptor } = await import('@isoact/webgpu');
  const device = await adapter.requestDevice(deviceDescriptor(adapter));
  const errors: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  let lost: string | null = null;
  void device.lost.then(({ reason, message }) => {
    if (reason === 'destroyed') return;
    lost = message || 'the driver gave no reason';
    errors.push(`the device was lost: ${lost}`);
  });
  return {
    device,
    summary: { kind: 'gpu', description: description || name || `${vendor} ${architecture}`.trim() || 'GPU', software },
    errors,
    timestamps: await openTimestamps(device),
    lost: () => lost,
    close: () => device.destroy(),
  };
}

/**
 * Errors of a GPU that nothing throws. A batch of commands that WebGPU refuses does nothing, and its "results" are
 * whatever the buffers held: only the event of an uncaptured error tells.
 */
import { DeviceError, mustBe } from '@isoact/core';
import { engine } from '@tensorflow/tfjs-core';
import type { BackendName } from './peers.ts';

export interface DeviceWatch {
  /** @throws DeviceError if the device has reported an error since the watch began. */
  check(): void;
  release(): void;
}

export function watchDevice(name: BackendName): DeviceWatch {
  if (name !== 'webgpu') return { check: () => {}, release: () => {} };
  const { device } = engine().findBackend(name) as unknown as { readonly device: GPUDevice };
  const errors: string[] = [];
  const listen = ({ error }: GPUUncapturedErrorEvent): void => {
    errors.push(error.message);
  };
  device.addEventListener('uncapturederror', listen);
  return {
    check: () => {
      if (errors.length > 0) throw new DeviceError(mustBe("the GPU's work", 'free of errors', errors.join('; ')));
    },
    release: () => device.removeEventListener('uncapturederror', listen),
  };
}

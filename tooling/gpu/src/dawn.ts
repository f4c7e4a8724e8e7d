/** Dawn, the WebGPU of Chrome, in Node. */
import { create, globals } from 'webgpu';

export interface Dawn {
  readonly gpu: GPU;
  /** Drops the instance. A process that keeps one does not end by itself. */
  release(): void;
}

/** A WebGPU of its own. `create` is Dawn's list of switches, such as `backend=vulkan`. */
export function openDawn(switches: readonly string[] = []): Dawn {
  let gpu: GPU | undefined = create([...switches]);
  return {
    get gpu() {
      if (!gpu) throw new Error('Dawn must not be used after release() (it was).');
      return gpu;
    },
    release() {
      gpu = undefined;
    },
  };
}

/** Gives this process the names that a browser has: `GPUBufferUsage`, `GPUMapMode`, `GPUDevice`, …. */
export function provideGpuConstants(): void {
  Object.assign(globalThis, globals);
}

/**
 * Makes this process look like a browser with WebGPU: the `GPU…` constants and `navigator.gpu`. tfjs-backend-webgpu
 * looks for both when it is imported, so call this before the import.
 */
export function provideNavigatorGpu(switches: readonly string[] = []): Dawn {
  const dawn = openDawn(switches);
  provideGpuConstants();
  // Node 20 has no navigator; later ones have a fixed one that can still be extended.
  const navigator = globalThis.navigator ?? {};
  Object.defineProperty(navigator, 'gpu', { configurable: true, get: () => dawn.gpu });
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: navigator });
  return dawn;
}

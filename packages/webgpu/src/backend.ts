/** The door of the adapter contract: host arrays in, host arrays out. */
import {
  type Activation,
  type ActivationBackend,
  type Capabilities,
  type CompiledActivation,
  checkSpec,
  DisposedError,
  inputChecker,
  mustBe,
  type TensorSpec,
} from '@isoact/core';
import { compile } from './compiled.ts';
import { describeDevice, requestDevice } from './device.ts';
import { watchLoss } from './errors.ts';
import type { KernelOptions } from './kernel.ts';
import { kernelDtypes } from './transfers.ts';

export interface WebGPUOptions extends Pick<KernelOptions, 'barriers' | 'bindingBytes' | 'tuning'> {
  /** The caller's device, which the backend leaves alive; one of its own unless given. */
  readonly device?: GPUDevice;
}

const supports: Capabilities = {
  dtypes: kernelDtypes,
  nan: 'propagate',
  signedZero: 'any',
  // drivers differ, and one driver differs between its operations
  subnormals: 'any',
  sumDepth: (n) => 64 + Math.ceil(Math.log2(Math.max(n, 1))),
  gradients: true,
};

/**
 * Activations on WebGPU, in a browser or, with Dawn (the package `webgpu`), in Node.
 *
 * @example
 * ```ts
 * const backend = await createBackend();
 * const compiled = await backend.compile(gelu(), { shape: [3], dtype: 'float32' });
 * const { y } = await compiled.forward({ x: Float32Array.of(-1, 0, 1) });
 * await backend.dispose();
 * ```
 * @throws UnavailableError where there is no GPU.
 */
export async function createBackend(options: WebGPUOptions = {}): Promise<ActivationBackend> {
  const own = options.device ? null : await requestDevice();
  const device = options.device ?? (own as { device: GPUDevice }).device;
  const loss = watchLoss(device);
  const alive = new Set<CompiledActivation>();
  let disposed = false;
  return {
    name: 'webgpu',
    device: describeDevice(device),
    supports,
    async compile(activation: Activation, spec: TensorSpec) {
      if (disposed) throw new DisposedError(mustBe('the webgpu backend', 'in use', 'disposed'));
      checkSpec(activation, spec, 'webgpu', supports.dtypes);
      const compiled = await compile(device, activation, spec, options, inputChecker(activation, spec), () =>
        alive.delete(compiled),
      );
      alive.add(compiled);
      return compiled;
    },
    async dispose() {
      disposed = true;
      for (const compiled of alive) compiled.dispose();
      own?.release();
      if (own && !loss.lost) await device.lost;
    },
  };
}

/** ONNX Runtime behind the adapter contract. */
import {
  type Activation,
  type ActivationBackend,
  type CompiledActivation,
  checkSpec,
  type DeviceInfo,
  DisposedError,
  elementCount,
  mustBe,
  ParameterError,
  type TensorSpec,
} from '@isoact/core';
import type { Form } from '../export/forms.ts';
import { capabilities } from './capabilities.ts';
import { compileActivation } from './compile.ts';
import { compileEmpty } from './compile-empty.ts';
import { describeDevice, hasHalf } from './device.ts';
import { computesWith } from './probe.ts';
import { isNode, loadRuntime, type Provider, providers, type Runtime } from './runtime.ts';
import type { GpuDevice, OptimizationLevel, SessionOptions } from './session.ts';

export interface BackendOptions {
  readonly provider: Provider;
  /** `accurate` unless given. */
  readonly form?: Form;
  /**
   * The module to use instead of the installed package. In a browser it must be given: `onnxruntime-web/webgpu` for
   * webgpu, `onnxruntime-web/wasm` for wasm.
   */
  readonly runtime?: Runtime;
  /** In a browser, the GPUDevice to use. */
  readonly gpuDevice?: GpuDevice;
  /** What to say of the device, where the caller knows it better. */
  readonly device?: DeviceInfo;
  readonly optimization?: OptimizationLevel;
  readonly threads?: number;
}

/**
 * ONNX Runtime as a backend.
 *
 * @example
 * ```ts
 * const backend = await createBackend({ provider: 'cpu' });
 * const compiled = await backend.compile(velu(), { shape: [2, 3], dtype: 'float32' });
 * const { y } = await compiled.forward({ x: new Float32Array(6) });
 * ```
 * @throws UnavailableError where the runtime is not installed, or has no such provider.
 */
export async function createBackend(options: BackendOptions): Promise<ActivationBackend> {
  const { provider, form = 'accurate' } = options;
  if (!providers.includes(provider)) {
    throw new ParameterError(mustBe('provider', 'one of cpu, webgpu, cuda, wasm', provider));
  }
  const runtime = options.runtime ?? (await loadRuntime(provider));
  const session: SessionOptions = {
    provider,
    gpuDevice: options.gpuDevice,
    optimization: options.optimization,
    threads: options.threads,
  };
  const half = await computesWithHalf(runtime, session);
  const device = options.device ?? (await describeDevice(provider, runtime, options.gpuDevice));
  const name = `onnxruntime-${provider}`;
  const supports = capabilities(provider, form, half);
  const living = new Set<CompiledActivation>();
  let disposed = false;

  return {
    name,
    device,
    supports,
    async compile(activation: Activation, spec: TensorSpec) {
      if (disposed) throw new DisposedError(mustBe(name, 'in use', 'disposed'));
      checkSpec(activation, spec, name, supports.dtypes);
      if (elementCount(spec.shape) === 0) return compileEmpty(activation, spec);
      const compiled = await compileActivation(activation, spec, {
        runtime,
        form,
        session,
        onDispose: (ended) => living.delete(ended),
      });
      living.add(compiled);
      return compiled;
    },
    async dispose() {
      disposed = true;
      for (const compiled of living) compiled.dispose();
    },
  };
}

/** Tried only where it may work: a GPU without float16 reports the attempt as an error, in a browser as one of the page. */
async function computesWithHalf(runtime: Runtime, session: SessionOptions): Promise<boolean> {
  const told = session.provider === 'webgpu' ? await hasHalf(session.gpuDevice) : undefined;
  const mayWork = told ?? (isNode || session.provider !== 'webgpu');
  return (await computesWith(mayWork ? 'float16' : 'float32', runtime, session)) && mayWork;
}

/** ONNX Runtime behind the adapter contract. */
import {
  type Activation,
  type ActivationBackend,
  type CompiledActivation,
  checkSpec,
  createReferenceBackend,
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
import { describeDevice } from './device.ts';
import { loadRuntime, type Provider, type Runtime } from './runtime.ts';
import type { OptimizationLevel } from './session.ts';

export interface BackendOptions {
  /** `cpu` and `webgpu` are those of `onnxruntime-node`, `wasm` is `onnxruntime-web`. */
  readonly provider: Provider;
  /** `accurate` unless given. */
  readonly form?: Form;
  /** The module to use instead of the installed package. */
  readonly runtime?: Runtime;
  /** What to say of the device, where the caller knows it better. */
  readonly device?: DeviceInfo;
  readonly optimization?: OptimizationLevel;
  readonly threads?: number;
}

const providers: readonly Provider[] = ['cpu', 'webgpu', 'wasm'];

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
    throw new ParameterError(mustBe('provider', '"cpu", "webgpu" or "wasm"', provider));
  }
  const runtime = options.runtime ?? (await loadRuntime(provider));
  const device = options.device ?? (await describeDevice(provider, runtime));
  const name = `onnxruntime-${provider}`;
  const supports = capabilities(provider, form);
  const living = new Set<CompiledActivation>();
  let disposed = false;

  return {
    name,
    device,
    supports,
    async compile(activation: Activation, spec: TensorSpec) {
      if (disposed) throw new DisposedError(mustBe(name, 'in use', 'disposed'));
      checkSpec(activation, spec, name, supports.dtypes);
      // there is nothing to run on the device; what statistics of nothing are, the reference says
      if (elementCount(spec.shape) === 0) return createReferenceBackend().compile(activation, spec);
      const compiled = await compileActivation(activation, spec, {
        runtime,
        form,
        session: { provider, optimization: options.optimization, threads: options.threads },
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

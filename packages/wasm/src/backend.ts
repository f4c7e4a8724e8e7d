/** The door of the adapter contract. */
import {
  type ActivationBackend,
  type Capabilities,
  type CompiledActivation,
  DisposedError,
  mustBe,
  outputShape,
  type Shape,
  stateShapes,
} from '@isoact/core';
import { Arena } from './arena.ts';
import { createKernel } from './kernel.ts';
import { kernelDtypes } from './memory-kernel.ts';

const supports: Capabilities = {
  dtypes: kernelDtypes,
  nan: 'propagate',
  signedZero: 'any',
  subnormals: 'keep',
  // sums are float64
  sumDepth: () => 1,
  gradients: true,
};

/**
 * Activations on the processor, four elements at a time.
 *
 * @example
 * ```ts
 * const backend = createBackend();
 * const compiled = await backend.compile(gelu(), { shape: [3], dtype: 'float32' });
 * const { y } = await compiled.forward({ x: Float32Array.of(-1, 0, 1) });
 * ```
 */
export function createBackend(): ActivationBackend {
  let arena: Arena | null = new Arena();
  const used = <T>(subject: string, value: T | null): T => {
    if (value === null) throw new DisposedError(mustBe(subject, 'in use', 'disposed'));
    return value;
  };
  return {
    name: 'wasm',
    device: { vendor: '', architecture: 'wasm', description: 'WebAssembly, 128-bit SIMD, one thread', software: false },
    supports,
    async compile(activation, spec): Promise<CompiledActivation> {
      let kernel: ReturnType<typeof createKernel> | null = createKernel(
        activation,
        spec,
        used('the wasm backend', arena),
      );
      const live = () => used(`compiled ${activation.name}`, kernel);
      return {
        outputs: {
          y: { shape: outputShape(activation, spec) },
          ...(activation.forward.penalty && { penalty: { shape: [] } }),
          ...Object.fromEntries(
            Object.entries(stateShapes(activation, spec)).map(([name, shape]) => [name, { shape }]),
          ),
        } as Record<string, { shape: Shape }>,
        forward: async (inputs) => live().forward(inputs),
        vjp: async (inputs) => live().vjp(inputs),
        dispose: () => {
          kernel = null;
        },
      };
    },
    async dispose() {
      arena = null;
    },
  };
}

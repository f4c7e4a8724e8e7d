/** The door of the adapter contract. */
import { compileWasm } from '@isoact/codegen';
import {
  type Activation,
  type ActivationBackend,
  type Capabilities,
  type CompiledActivation,
  DisposedError,
  refuse,
  rootsOf,
  type TensorSpec,
} from '@isoact/core';
import { Arena } from './arena.ts';
import { generatedBy } from './generated.ts';
import { openKernel, type StartedKernel } from './kernel.ts';
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
export function createBackend({ relaxed = true }: BackendOptions = {}): ActivationBackend {
  const source = generatedBy(
    relaxed ? compileWasm : (plan, memory, options) => compileWasm(plan, memory, { ...options, relaxed: false }),
  );
  return backendOn(new Arena(), 'one thread', {
    open: (arena, activation, spec) => openKernel(arena, activation, spec, source),
  });
}

export interface BackendOptions {
  /**
   * Whether to use relaxed SIMD where the engine has it, which is faster and nearer to the truth, and whose last bits
   * differ between processors. Default true.
   */
  readonly relaxed?: boolean | undefined;
}

/** How a backend gets its kernels, and what threads make necessary. */
export interface Engine {
  readonly open: (arena: Arena, activation: Activation, spec: TensorSpec) => StartedKernel;
  /** When the calls that have been started are done. */
  readonly settled?: () => Promise<void>;
  readonly dispose?: () => Promise<void>;
}

export function backendOn(memory: Arena, description: string, engine: Engine): ActivationBackend {
  let arena: Arena | null = memory;
  /** The call before, whose results must be out of the memory that all calls work in. */
  let last: Promise<unknown> = Promise.resolve();
  const used = <T>(subject: string, value: T | null): T =>
    value ?? refuse(DisposedError, subject, 'in use', 'disposed');
  return {
    name: 'wasm',
    device: {
      vendor: '',
      architecture: 'wasm',
      description: `WebAssembly, 128-bit SIMD, ${description}`,
      software: false,
    },
    supports,
    async compile(activation, spec): Promise<CompiledActivation> {
      let kernel: StartedKernel | null = engine.open(used('the wasm backend', arena), activation, spec);
      const live = () => used(`compiled ${activation.name}`, kernel);
      const inTurn = <T>(start: () => () => T): Promise<T> => {
        const done = last.then(async () => {
          const finish = start();
          await engine.settled?.();
          return finish();
        });
        last = done.catch(() => {});
        return done;
      };
      return {
        outputs: Object.fromEntries(rootsOf(activation, spec, 'forward').map(({ name, shape }) => [name, { shape }])),
        forward: (inputs) => inTurn(() => live().forward(inputs)),
        vjp: (inputs) => inTurn(() => live().vjp(inputs)),
        dispose: () => {
          kernel = null;
        },
      };
    },
    async dispose() {
      arena = null;
      await engine.dispose?.();
    },
  };
}

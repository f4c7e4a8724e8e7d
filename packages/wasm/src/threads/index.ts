/**
 * Kernels on several threads, for large tensors, over memory that the threads share. A call takes blocks of one size in
 * any order and puts together what they leave in their own: its results do not depend on the number of threads.
 */
import {
  type Activation,
  type ActivationBackend,
  mustBe,
  ParameterError,
  type TensorSpec,
  UnavailableError,
} from '@isoact/core';
import { Arena } from '../arena.ts';
import { backendOn } from '../backend.ts';
import { generatedBy, type PlannedDirection } from '../generated.ts';
import { openKernel } from '../kernel.ts';
import { type ForwardOffsets, type MemoryKernel, openMemoryKernel, type VjpOffsets } from '../memory-kernel.ts';
import { nodeModule, Pool } from './pool.ts';
import { compileForThreads } from './split-kernel.ts';

export interface ThreadsOptions {
  /** Threads, the caller's own among them; as many as the machine runs at a time, but at most 8, unless said otherwise. */
  readonly threads?: number;
  /** The most that the memory may grow to, in pages of 64 KiB. */
  readonly maximumPages?: number;
}

/** As `MemoryKernel`, but a call is done when its promise resolves. */
export interface ThreadedKernel extends Pick<MemoryKernel<PlannedDirection>, 'forwardDirection' | 'vjpDirection'> {
  forward(offsets: ForwardOffsets): Promise<void>;
  vjp(offsets: VjpOffsets): Promise<void>;
}

export interface Threads {
  /** Where the tensors of all calls lie. */
  readonly memory: WebAssembly.Memory;
  /** The number of threads, the caller's own among them. */
  readonly count: number;
  /** Compiles an activation for tensors in the memory; what can be refused is refused here or by `createMemoryKernel`. */
  createKernel(activation: Activation, spec: TensorSpec): ThreadedKernel;
  /** The door of the adapter contract, on host arrays. Disposing of it ends the threads. */
  createBackend(): ActivationBackend;
  /** Ends the threads, once the calls that have been started are done. */
  dispose(): Promise<void>;
}

/** 2 GiB, which every engine reserves. */
const defaultPages = 32_768;
const most = 8;

/**
 * Starts threads. Work goes to them where no element depends on others beyond its block: for statistics of rows, but not
 * for those of a whole tensor or of channels; such a call runs on the caller's thread alone.
 *
 * @example
 * ```ts
 * const threads = createThreads();
 * const kernel = threads.createKernel(velu(), { shape: [1024, 1024], dtype: 'float32' });
 * threads.memory.grow(128);
 * await kernel.forward({ x: 0, y: 4 * 2 ** 20 });
 * await threads.dispose();
 * ```
 * @throws UnavailableError where threads cannot share memory; `threads: 1` does without, with the same results.
 */
export function createThreads({ threads = available(), maximumPages = defaultPages }: ThreadsOptions = {}): Threads {
  if (!Number.isInteger(threads) || threads < 1)
    throw new ParameterError(mustBe('the number of threads', 'a positive whole number', threads));
  const pool = new Pool(threads, threads > 1 ? sharedMemory(maximumPages) : new WebAssembly.Memory({ initial: 1 }));
  const { memory } = pool;
  const sourceFor = (activation: Activation) =>
    generatedBy((plan, _memory, options) => compileForThreads(pool, activation, plan, options));
  const dispose = (): Promise<void> => pool.dispose();
  return {
    memory,
    count: threads,
    createKernel(activation, spec) {
      const kernel = openMemoryKernel(memory, activation, spec, sourceFor(activation));
      return {
        get forwardDirection() {
          return kernel.forwardDirection;
        },
        get vjpDirection() {
          return kernel.vjpDirection;
        },
        async forward(offsets) {
          kernel.forward(offsets);
          await pool.settled();
        },
        async vjp(offsets) {
          kernel.vjp(offsets);
          await pool.settled();
        },
      };
    },
    createBackend: () =>
      backendOn(new Arena(memory), `${threads} threads`, {
        open: (arena, activation, spec) => openKernel(arena, activation, spec, sourceFor(activation)),
        settled: () => pool.settled(),
        dispose,
      }),
    dispose,
  };
}

function sharedMemory(maximum: number): WebAssembly.Memory {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (typeof SharedArrayBuffer === 'undefined' || crossOriginIsolated === false) {
    const remedy =
      'Serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or use one thread.';
    throw new UnavailableError(mustBe('the page', 'cross-origin isolated for threads to share memory', 'not', remedy));
  }
  return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
}

function available(): number {
  const { hardwareConcurrency } = (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator ?? {};
  const os = nodeModule('node:os') as { availableParallelism(): number } | undefined;
  return Math.min(most, hardwareConcurrency ?? os?.availableParallelism() ?? 1);
}

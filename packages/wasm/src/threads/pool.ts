/** Workers that share a memory with the thread that made them. */

import { instantiateWasm, memoryImport, type WasmCode } from '@isoact/codegen';
import { DisposedError, mustBe, UnavailableError } from '@isoact/core';
import { type Job, runBlocks } from './run-blocks.js';

/** A worker as browsers, Deno, Bun and Node have it. */
interface Port {
  postMessage(message: object): void;
  terminate(): unknown;
  /** Node's: whether the process waits for it. */
  ref?(): void;
  unref?(): void;
}

type Kernel = (...values: number[]) => void;

/** What comes back from a worker. */
type Answer = (error?: string) => void;

export class Pool {
  readonly memory: WebAssembly.Memory;
  private workers: Port[] | null = [];
  private readonly answers: Answer[] = [];
  private readonly next: Int32Array;
  private readonly kernels = new Map<WebAssembly.Module, { readonly id: number; readonly run: Kernel }>();
  /** The call that is being done. */
  private running: Promise<void> = Promise.resolve();

  constructor(threads: number, memory: WebAssembly.Memory) {
    this.memory = memory;
    this.next = threads > 1 ? new Int32Array(new SharedArrayBuffer(4)) : new Int32Array(1);
    for (let thread = 1; thread < threads; thread++) {
      const worker = startWorker((error) => this.answers[thread - 1]?.(error));
      worker.postMessage({ setUp: { memory, next: this.next, thread } });
      worker.unref?.();
      this.workers?.push(worker);
    }
  }

  get threads(): number {
    return this.live.length + 1;
  }

  /** Starts a call behind those before it; `after` puts together what the blocks have left. */
  start(code: WasmCode, job: Omit<Job, 'id'>, after: () => void): void {
    this.inTurn(async (workers) => {
      await this.run(this.load(code), job, workers);
      after();
    });
  }

  /**
   * Does something behind the calls before it.
   * @throws DisposedError once the threads have ended.
   */
  inTurn(work: (workers: readonly Port[]) => void | Promise<void>): void {
    const { live } = this;
    this.running = this.running.catch(() => {}).then(() => work(live));
    this.running.catch(() => {}); // whoever waits for it is told
  }

  /** When all calls up to now are done. */
  settled(): Promise<void> {
    return this.running;
  }

  async dispose(): Promise<void> {
    const workers = this.workers ?? [];
    this.workers = null;
    await this.running.catch(() => {});
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private get live(): readonly Port[] {
    if (!this.workers) throw new DisposedError(mustBe('the threads', 'in use', 'disposed'));
    return this.workers;
  }

  private load({ module, name }: WasmCode): { readonly id: number; readonly run: Kernel } {
    let kernel = this.kernels.get(module);
    if (!kernel) {
      kernel = { id: this.kernels.size, run: instantiateWasm({ module, name }, this.memory) };
      this.kernels.set(module, kernel);
      const names = [memoryImport.module, memoryImport.name];
      for (const worker of this.workers ?? []) {
        worker.postMessage({ kernel: { id: kernel.id, module, name, imports: names } });
      }
    }
    return kernel;
  }

  /** This thread does its share, and then waits for the others. */
  private async run(
    { id, run }: { readonly id: number; readonly run: Kernel },
    call: Omit<Job, 'id'>,
    workers: readonly Port[],
  ): Promise<void> {
    const job = { ...call, id };
    this.next[0] = 0;
    const others = workers.slice(0, job.blocks - 1).map((worker, index) => {
      worker.ref?.();
      return new Promise<void>((resolve, reject) => {
        this.answers[index] = (error) => {
          worker.unref?.();
          if (error === undefined) resolve();
          else reject(new Error(`A thread stopped: ${error}`));
        };
        worker.postMessage({ job });
      });
    });
    runBlocks(run, job, 0, this.next);
    await Promise.all(others);
  }
}

type NodeWorker = new (file: URL) => Port & { on(event: string, listener: (value: unknown) => void): void };

/** Starts a worker; `answer` is told of each job that is done, and of what stops it. */
function startWorker(answer: Answer): Port {
  const told = (message: unknown): void => answer((message as { error?: string }).error);
  if (typeof Worker !== 'undefined') {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => told(data));
    worker.addEventListener('error', ({ message }) => answer(message || 'its script cannot be loaded'));
    return worker;
  }
  const threads = nodeModule('node:worker_threads') as { readonly Worker: NodeWorker } | undefined;
  if (!threads) {
    throw new UnavailableError(mustBe('the JavaScript engine', 'one with workers', 'one without', 'Use one thread.'));
  }
  const worker = new threads.Worker(new URL('./worker.js', import.meta.url));
  worker.on('message', told);
  worker.on('error', (error) => answer(String(error)));
  return worker;
}

/** A module of Node's, which bundlers for browsers need not know of. */
export const nodeModule = (name: string): unknown =>
  (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule?.(name);

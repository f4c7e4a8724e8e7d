/** A thread: it instantiates the kernels that it is sent on the shared memory, and takes its share of each call. */
import { runBlocks } from './run-blocks.js';

/** @type {import('node:worker_threads').MessagePort | null | undefined} */
const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
/** @type {Map<number, (...values: number[]) => void>} */
const kernels = new Map();
/** @type {{ memory: WebAssembly.Memory, next: Int32Array, thread: number }} */
let shared;

/** @param {{ setUp?: typeof shared, kernel?: { id: number, module: WebAssembly.Module, name: string, imports: [string, string] }, job?: import('./run-blocks.js').Job }} message */
function receive({ setUp, kernel, job }) {
  if (setUp) shared = setUp;
  try {
    if (kernel) {
      const [from, name] = kernel.imports;
      const { exports } = new WebAssembly.Instance(kernel.module, { [from]: { [name]: shared.memory } });
      kernels.set(kernel.id, /** @type {(...values: number[]) => void} */ (exports[kernel.name]));
    }
    if (!job) return;
    runBlocks(/** @type {(...values: number[]) => void} */ (kernels.get(job.id)), job, shared.thread, shared.next);
    answer({});
  } catch (error) {
    answer({ error: String(error) });
  }
}

/** @param {{ error?: string }} message */
function answer(message) {
  if (port) port.postMessage(message);
  else globalThis.postMessage(message);
}

if (port) port.on('message', receive);
else globalThis.addEventListener('message', ({ data }) => receive(data));

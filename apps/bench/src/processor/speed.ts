/**
 * One thread of this processor: our WebAssembly kernels beside the copy of as many bytes, tfjs-wasm and ONNX Runtime, in
 * one process and in turns, as nanoseconds per element. What a claim of speed rests on is a ratio of two numbers of one run.
 *
 *     pnpm --filter @isoact-apps/bench processor                # 2^20 and 2^22 elements, rows of 1024
 *     pnpm --filter @isoact-apps/bench processor velu --sizes 16,20 --rounds 30
 *     pnpm --filter @isoact-apps/bench processor relu velu --ours --sizes 8..26 --rounds 5    # cost as work grows
 *     pnpm --filter @isoact-apps/bench processor relu velu --threads 2    # several threads against one, a copy's beside
 *     pnpm --filter @isoact-apps/bench processor --calls                  # microseconds a call, of one and of 16 elements
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Activation, catalogue, defineActivation } from '@isoact/core';
import { createMemoryKernel } from '@isoact/wasm';
import { createThreads, type Threads } from '@isoact/wasm/threads';
import * as tf from '@tensorflow/tfjs-core';
import { randomNormal } from 'd3-random';
import * as ort from 'onnxruntime-node';
import type { Direction } from '../core/candidate.ts';
import { seededRandom } from '../core/random.ts';
import { onnxForms, tfjsForm } from './natives.ts';

interface Contestant {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '20,22' },
    rounds: { type: 'string', default: '15' },
    deviation: { type: 'string', default: '1' },
    ours: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    calls: { type: 'boolean', default: false },
    /** Least times instead of medians, for a machine that does other work too. */
    least: { type: 'boolean', default: false },
  },
});
const names = positionals.length > 0 ? positionals : ['relu', 'elu', 'swish', 'gelu', 'velu'];
const largestRow = 1024;

const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
await import('@tensorflow/tfjs-layers'); // gradients
setThreadsCount(1);
tf.enableProdMode();
await tf.setBackend('wasm');
await tf.ready();

/** Normal deviates, as they come out of a layer. */
function normal(length: number): Float32Array {
  return Float32Array.from({ length }, randomNormal.source(seededRandom(1))(0, Number(options.deviation)));
}

async function contestants(name: string, direction: Direction, length: number): Promise<Contestant[]> {
  const columns = Math.min(length, largestRow);
  const shape = [length / columns, columns];
  const [x, upstream] = [normal(length), normal(length)];
  const found = [copyOf(x), ours(name, direction, shape, x, upstream)];
  if (options.ours) return found;
  const form = tfjsForm(name);
  if (form) {
    const [input, dy] = [tf.tensor(x, shape), tf.tensor(upstream, shape)];
    const gradient = tf.grad((each) => form(tf, each));
    found.push({
      name: 'tfjs-wasm',
      run: () => tf.dispose(tf.tidy(() => (direction === 'forward' ? form(tf, input) : gradient(input, dy)))),
    });
  }
  for (const [label, bytes] of Object.entries(onnxForms(name, direction, shape))) {
    const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    const feeds: Record<string, ort.Tensor> = { x: new ort.Tensor('float32', x, shape) };
    if (direction === 'vjp') feeds.upstream = new ort.Tensor('float32', upstream, shape);
    found.push({
      name: label,
      run: async () => {
        for (const each of Object.values(await session.run(feeds))) each.dispose();
      },
    });
  }
  return found;
}

function copyOf(x: Float32Array): Contestant {
  const target = new Float32Array(x.length);
  return { name: 'copy', run: () => target.set(x) };
}

function ours(
  name: string,
  direction: Direction,
  shape: number[],
  x: Float32Array,
  upstream: Float32Array,
): Contestant {
  const bytes = 4 * x.length;
  const activation = activationOf(name);
  // parts of y lie beside each other along the channels
  const parts = activation.forward.y.length;
  const spec = { shape, dtype: 'float32', ...(parts > 1 && { channelAxis: 1 }) } as const;
  const y = (1 + parts) * bytes;
  const scratch = y + parts * bytes;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(scratch / 65_536) + 1 });
  const kernel = createMemoryKernel(memory, activation, spec);
  const { scratchBytes } = direction === 'forward' ? kernel.forwardDirection : kernel.vjpDirection;
  memory.grow(Math.ceil(scratchBytes / 65_536));
  new Float32Array(memory.buffer, 0, x.length).set(x);
  for (let part = 1; part <= parts; part++) new Float32Array(memory.buffer, part * bytes, x.length).set(upstream);
  return {
    name: 'isoact wasm',
    run: () => {
      if (direction === 'forward') kernel.forward({ x: 0, y, scratch });
      else kernel.vjp({ x: 0, upstream: bytes, gradient: y, scratch });
    },
  };
}

function activationOf(name: string): Activation {
  const make = catalogue[name as keyof typeof catalogue] as (() => Activation) | undefined;
  if (!make) throw new TypeError(`The activation must be one of ${Object.keys(catalogue).join(', ')} (was ${name}).`);
  return make();
}

/** What can at most be had of several threads where memory is what binds: a kernel that copies. */
const copying = defineActivation({
  name: 'copy',
  forward: (x) => x,
  limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
});

/** The same work by one thread and by all, in the threads' own memory. */
function threaded(
  pools: readonly Threads[],
  activation: Activation,
  direction: Direction,
  length: number,
): Contestant[] {
  const columns = Math.min(length, largestRow);
  const bytes = 4 * length;
  return pools.map((threads) => {
    const kernel = threads.createKernel(activation, { shape: [length / columns, columns], dtype: 'float32' });
    const { scratchBytes } = direction === 'forward' ? kernel.forwardDirection : kernel.vjpDirection;
    const missing = 3 * bytes + scratchBytes - threads.memory.buffer.byteLength;
    if (missing > 0) threads.memory.grow(Math.ceil(missing / 65_536));
    new Float32Array(threads.memory.buffer, 0, length).set(normal(length));
    new Float32Array(threads.memory.buffer, bytes, length).set(normal(length));
    const places = { x: 0, scratch: 3 * bytes };
    return {
      name: `${threads.count} threads`,
      run: () =>
        direction === 'forward'
          ? kernel.forward({ ...places, y: 2 * bytes })
          : kernel.vjp({ ...places, upstream: bytes, gradient: 2 * bytes }),
    };
  });
}

/** Median, or least, nanoseconds per element of each, taken in turns. */
async function race(runners: readonly Contestant[], length: number): Promise<number[]> {
  const times: number[][] = runners.map(() => []);
  const calls = Math.min(2 ** 14, Math.max(1, Math.round(2 ** 19 / length)));
  for (const { run } of runners) {
    // engines compile once more in the background what is worth it
    for (const start = performance.now(); performance.now() - start < 400; ) await run();
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [index, { run }] of runners.entries()) {
      const start = performance.now();
      for (let call = 0; call < calls; call++) await run();
      times[index]?.push(((performance.now() - start) * 1e6) / (calls * length));
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[options.least ? 0 : Math.floor(each.length / 2)] as number);
}

/** Exponents of 2: "16,20", or all of "8..26". */
function exponentsOf(text: string): number[] {
  const [first, last] = text.split('..').map(Number) as [number, number?];
  return last === undefined
    ? text.split(',').map(Number)
    : Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

async function compareThreads(exponent: number): Promise<void> {
  const length = 2 ** exponent;
  const pools = [createThreads({ threads: 1 }), createThreads({ threads: Number(options.threads) })];
  for (const name of ['copy', ...names]) {
    for (const direction of name === 'copy' ? (['forward'] as const) : (['forward', 'vjp'] as const)) {
      const activation = name === 'copy' ? copying() : activationOf(name);
      const [one = 0, several = 0] = await race(threaded(pools, activation, direction, length), length);
      const times = `1 thread ${one.toFixed(2)}, ${options.threads} threads ${several.toFixed(2)}`;
      print(`2^${exponent} ${name} ${direction}: ${times} (${(one / several).toFixed(2)} times as fast)`);
    }
  }
  for (const each of pools) await each.dispose();
}

/** Microseconds a call of each activation, for one element and for sixteen. */
async function printCalls(): Promise<void> {
  for (const name of positionals.length > 0 ? positionals : Object.keys(catalogue)) {
    const cells: string[] = [];
    try {
      for (const direction of ['forward', 'vjp'] as const) {
        for (const length of [1, 16]) {
          const [ns = 0] = await race([ours(name, direction, [1, length], normal(length), normal(length))], length);
          cells.push(`${direction} of ${length} ${((ns * length) / 1000).toFixed(2)}`);
        }
      }
      print(`${name}: ${cells.join(', ')} us`);
    } catch (error) {
      print(`${name}: not measured: ${(error as Error).message}`);
    }
  }
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

print(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}`);
if (options.calls) await printCalls();
for (const exponent of options.calls ? [] : exponentsOf(options.sizes)) {
  if (Number(options.threads) > 1) {
    await compareThreads(exponent);
    continue;
  }
  for (const name of names) {
    for (const direction of ['forward', 'vjp'] as const) {
      const length = 2 ** exponent;
      const runners = await contestants(name, direction, length);
      const results = await race(runners, length);
      const own = results[1] as number;
      const cells = results.map((ns, index) => {
        const ratio = index > 1 ? ` (ours ${(own / ns).toFixed(2)})` : '';
        return `${runners[index]?.name} ${ns.toFixed(2)}${ratio}`;
      });
      print(`2^${exponent} ${name} ${direction}: ${cells.join(', ')}`);
    }
  }
}

/**
 * An ONNX model as a candidate. On the CPU, inputs and outputs are JavaScript arrays that the runtime reads and writes in
 * place. On WebGPU they stay in GPU buffers: `run` then resolves before the work is done, and reading such a buffer
 * aborts the process in Node, so small sessions on the same queue put the inputs there and read back.
 */
import type { Provider, Runtime } from '@isoact/onnxruntime';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { BenchCase, Candidate, CaseInputs, Cost } from '../core/candidate.ts';
import { onnxModel } from '../peers/onnx-graph.ts';

/** The model's names: inputs `x` and `upstream`, the output that has the tensor's shape, and the parameters' gradients. */
export interface OnnxNames {
  readonly primary: string;
  readonly parameters: Readonly<Record<string, string>>;
}

type Feeds = Record<string, Tensor>;

export async function openOnnx(
  runtime: Runtime,
  bytes: Uint8Array,
  names: OnnxNames,
  provider: Provider,
  question: BenchCase,
  cost: Cost,
): Promise<Candidate> {
  const resident = provider === 'webgpu';
  const session = await createSession(runtime, bytes, provider, resident);
  const helpers = resident ? await openHelpers(runtime, question) : null;
  const inputNames = question.direction === 'forward' ? ['x'] : ['x', 'upstream'];
  let feeds: Feeds[] = [];
  let results: Feeds[] = [];
  let turn = 0;
  const last = (): Feeds => results[turn] ?? {};
  const forget = (): void => {
    for (const each of [...feeds, ...results]) release(each);
    [feeds, results, turn] = [[], [], 0];
  };
  const read = async (name: string): Promise<Float32Array> => {
    const tensor = last()[name];
    if (!tensor) throw new Error(`The model must have an output ${name} (has ${Object.keys(last()).join(', ')}).`);
    if (helpers && tensor.location === 'gpu-buffer') return helpers.read(tensor);
    return tensor.data as Float32Array;
  };
  return {
    door: 'native',
    cost,
    rotates: true,
    prepare: async (inputs: CaseInputs, sets = 1) => {
      forget();
      for (let set = 0; set < sets; set++) {
        const own: Feeds = {};
        // One after the other: in a browser, two runs of a session at a time never end.
        for (const name of inputNames) {
          const values = name === 'x' ? inputs.x : inputs.upstream;
          const tensor = new runtime.Tensor('float32', values.slice(), [...question.shape]);
          own[name] = helpers ? await helpers.upload(tensor) : tensor;
        }
        feeds.push(own);
      }
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) {
        turn = (turn + 1) % feeds.length;
        release(last());
        results[turn] = await session.run(feeds[turn] ?? {});
      }
      const primary = last()[names.primary];
      if (helpers && primary) await helpers.wait(primary);
    },
    readOutputs: async () => {
      const parameters: Record<string, Float32Array> = {};
      for (const [name, output] of Object.entries(names.parameters)) parameters[name] = await read(output);
      return { primary: await read(names.primary), parameters };
    },
    ranOn: () => (last()[names.primary]?.location === 'gpu-buffer' ? 'gpu' : 'cpu'),
    dispose: async () => {
      forget();
      await helpers?.release();
      await session.release();
    },
  };
}

function release(tensors: Feeds): void {
  for (const tensor of Object.values(tensors)) if (tensor.location === 'gpu-buffer') tensor.dispose();
}

function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  provider: Provider,
  keepOnDevice: boolean,
): Promise<InferenceSession> {
  return runtime.InferenceSession.create(bytes, {
    executionProviders: [provider],
    logSeverityLevel: 3,
    ...(keepOnDevice && { preferredOutputLocation: 'gpu-buffer' as const }),
    // A node that the GPU refuses would run on the CPU, silently.
    ...(provider === 'webgpu' && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  });
}

interface Helpers {
  upload(tensor: Tensor): Promise<Tensor>;
  read(tensor: Tensor): Promise<Float32Array>;
  /** Resolves when all work before it on the queue is done: it reads one value that depends on the tensor. */
  wait(tensor: Tensor): Promise<void>;
  release(): Promise<void>;
}

/** Sessions that move a tensor to the GPU, from it, and one value of it. */
async function openHelpers(runtime: Runtime, { shape }: BenchCase): Promise<Helpers> {
  const uploader = await createSession(runtime, copyModel(shape), 'webgpu', true);
  const waiter = await createSession(runtime, firstValueModel(shape), 'webgpu', false);
  const readers = new Map<string, InferenceSession>();
  const one = async (session: InferenceSession, x: Tensor): Promise<Tensor> => {
    const { y } = await session.run({ x });
    if (!y) throw new Error('A helper session must give y (gave nothing).');
    return y;
  };
  return {
    upload: (tensor) => one(uploader, tensor),
    read: async (tensor) => {
      const key = tensor.dims.join();
      const reader = readers.get(key) ?? (await createSession(runtime, copyModel(tensor.dims), 'webgpu', false));
      readers.set(key, reader);
      return (await one(reader, tensor)).data as Float32Array;
    },
    wait: async (tensor) => {
      await one(waiter, tensor);
    },
    release: async () => {
      for (const session of [uploader, waiter, ...readers.values()]) await session.release();
    },
  };
}

/** Multiplied by 1, for an Identity might hand on the input's own memory. */
const copyModel = (shape: readonly number[]): Uint8Array =>
  onnxModel(['x'], shape, ({ node, scalar }) => ({ y: { value: node('Mul', 'x', scalar(1)), shape } }));

const firstValueModel = (shape: readonly number[]): Uint8Array => {
  const [zeros, ones] = [shape.map(() => 0), shape.map(() => 1)];
  return onnxModel(['x'], shape, ({ node, integers }) => ({
    y: { value: node('Slice', 'x', integers(zeros), integers(ones)), shape: ones },
  }));
};

/**
 * An ONNX model as a candidate. On the CPU, inputs and outputs are JavaScript arrays that the runtime reads and writes in
 * place. On WebGPU they stay in GPU buffers: `run` then resolves before the work is done, and reading such a buffer
 * aborts the process in Node, so small sessions on the same queue put the inputs there and read back.
 */
import type { Provider, Runtime } from '@isoact/onnxruntime';
import type { Tensor } from 'onnxruntime-common';
import type { BenchCase, Candidate, CaseInputs, Cost } from '../core/candidate.ts';
import { type Elements, elementTypes, halfBits } from '../core/dtypes.ts';
import { createSession, openHelpers } from './onnx-helpers.ts';

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
  const { dtype, shape } = question;
  const helpers = resident ? await openHelpers(runtime, shape, dtype) : null;
  const inputNames = question.direction === 'forward' ? ['x'] : ['x', 'upstream'];
  let feeds: Feeds[] = [];
  let results: Feeds[] = [];
  let turn = 0;
  const last = (): Feeds => results[turn] ?? {};
  const forget = (): void => {
    for (const each of [...feeds, ...results]) release(each);
    [feeds, results, turn] = [[], [], 0];
  };
  const read = async (name: string): Promise<Elements> => {
    const tensor = last()[name];
    if (!tensor) throw new Error(`The model must have an output ${name} (has ${Object.keys(last()).join(', ')}).`);
    return valuesOf(helpers && tensor.location === 'gpu-buffer' ? await helpers.read(tensor) : tensor);
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
          const tensor = new runtime.Tensor(dtype, values.slice(), [...shape]);
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
      const parameters: Record<string, Elements> = {};
      for (const [name, output] of Object.entries(names.parameters)) parameters[name] = await read(output);
      return { primary: await read(names.primary), parameters };
    },
    stores: () => last()[names.primary]?.type ?? 'nothing',
    ranOn: () => (last()[names.primary]?.location === 'gpu-buffer' ? 'gpu' : 'cpu'),
    dispose: async () => {
      forget();
      await session.release();
    },
  };
}

/** float16 as bits: some engines have an array of their own for it. */
const valuesOf = ({ type, data }: Tensor): Elements =>
  type === 'float16' ? halfBits(data as Uint16Array) : elementTypes.float32.fromNumbers(data as Float32Array);

function release(tensors: Feeds): void {
  for (const tensor of Object.values(tensors)) if (tensor.location === 'gpu-buffer') tensor.dispose();
}

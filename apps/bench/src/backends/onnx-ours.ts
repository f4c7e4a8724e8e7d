/** Our ONNX graphs in a session whose tensors stay on the device. */
import { createSession, type Provider, type Runtime, type Tensors, toOnnx } from '@isoact/onnxruntime';
import type { BenchCase, Candidate } from '../core/candidate.ts';
import { lengthOf, outputShape, specOf } from '../core/case-data.ts';
import { graphCost } from './onnx-traffic.ts';

export async function openOurOnnx(runtime: Runtime, provider: Provider, question: BenchCase): Promise<Candidate> {
  const { activation, direction, shape } = question;
  const session = await createSession(activation, specOf(question), { provider, direction, runtime });
  const tensorInputs = direction === 'forward' ? ['x'] : ['x', 'upstream'];
  const primary = direction === 'forward' ? 'y' : 'x_gradient';
  const trained = direction === 'forward' ? [] : activation.trainable;
  let inputs: Tensors[] = [];
  let results: Tensors[] = [];
  let turn = 0;
  const last = (): Tensors => results[turn] ?? {};
  const forget = (): void => {
    for (const each of [...inputs, ...results]) release(each);
    [inputs, results, turn] = [[], [], 0];
  };
  return {
    door: 'native',
    cost: graphCost(
      toOnnx(activation, { direction, arithmetic: provider === 'webgpu' ? 'float32' : 'float64', ...specOf(question) }),
      tensorInputs,
      lengthOf(question),
      provider,
    ),
    rotates: true,
    prepare: async ({ x, upstream }, sets = 1) => {
      forget();
      for (let set = 0; set < sets; set++) {
        inputs.push({
          x: await session.upload(x.slice(), shape),
          ...(direction === 'vjp' && { upstream: await session.upload(upstream.slice(), outputShape(question)) }),
        });
      }
      await session.finished();
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) {
        turn = (turn + 1) % inputs.length;
        release(last());
        results[turn] = await session.run(inputs[turn] ?? {});
      }
      await session.finished();
    },
    readOutputs: async () => {
      const read = async (name: string): Promise<ArrayLike<number>> => {
        const tensor = last()[name];
        if (!tensor) throw new Error(`The model must have an output ${name} (has ${session.outputNames.join(', ')}).`);
        return session.download(tensor);
      };
      const parameters: Record<string, ArrayLike<number>> = {};
      for (const name of trained) parameters[name] = await read(`${name}_gradient`);
      return { primary: await read(primary), parameters };
    },
    stores: () => last()[primary]?.type ?? 'nothing',
    ranOn: () => (last()[primary]?.location === 'gpu-buffer' ? 'gpu' : 'cpu'),
    dispose: async () => {
      forget();
      await session.dispose();
    },
  };
}

function release(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) if (tensor.location === 'gpu-buffer') tensor.dispose();
}

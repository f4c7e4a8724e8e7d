/** Our ONNX graphs in a session whose tensors stay on the device. */
import { createSession, type Provider, type Runtime, type Tensors, toOnnx } from '@isoact/onnxruntime';
import type { BenchCase, Candidate } from '../core/candidate.ts';
import { lengthOf } from '../core/case-data.ts';
import { graphCost } from './onnx-traffic.ts';

export async function openOurOnnx(runtime: Runtime, provider: Provider, question: BenchCase): Promise<Candidate> {
  const { activation, direction, shape, dtype } = question;
  const session = await createSession(activation, { shape, dtype }, { provider, direction, runtime });
  const tensorInputs = direction === 'forward' ? ['x'] : ['x', 'upstream'];
  const primary = direction === 'forward' ? 'y' : 'x_gradient';
  const trained = direction === 'forward' ? [] : activation.trainable;
  let inputs: Tensors = {};
  let outputs: Tensors = {};
  return {
    door: 'native',
    cost: graphCost(toOnnx(activation, { direction, shape }), tensorInputs, lengthOf(question)),
    prepare: async ({ x, upstream }) => {
      release(inputs);
      inputs = { x: await session.upload(x.slice(), shape), upstream: await session.upload(upstream.slice(), shape) };
      await session.finished();
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) {
        release(outputs);
        outputs = await session.run(inputs);
      }
      await session.finished();
    },
    readOutputs: async () => {
      const read = async (name: string): Promise<ArrayLike<number>> => {
        const tensor = outputs[name];
        if (!tensor) throw new Error(`The model must have an output ${name} (has ${session.outputNames.join(', ')}).`);
        return session.download(tensor);
      };
      const parameters: Record<string, ArrayLike<number>> = {};
      for (const name of trained) parameters[name] = await read(`${name}_gradient`);
      return { primary: await read(primary), parameters };
    },
    ranOn: () => (outputs[primary]?.location === 'gpu-buffer' ? 'gpu' : 'cpu'),
    dispose: async () => {
      release(inputs);
      release(outputs);
      await session.dispose();
    },
  };
}

function release(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) if (tensor.location === 'gpu-buffer') tensor.dispose();
}

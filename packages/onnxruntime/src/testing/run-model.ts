/** Runs a model on ONNX Runtime with inputs that are the same at every call. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sample } from './nearness.ts';

export type GraphLevel = 'disabled' | 'basic' | 'extended' | 'all';

/** The values of the first output. */
export async function runModel(
  model: Uint8Array | string,
  inputs: Readonly<Record<string, readonly number[] | Tensor>>,
  level: GraphLevel = 'all',
): Promise<Float32Array> {
  const options: InferenceSession.SessionOptions = { logSeverityLevel: 3, graphOptimizationLevel: level };
  const session = await (typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options));
  const feeds = Object.entries(inputs).map(([name, given]) => {
    if (given instanceof Tensor) return [name, given] as const;
    const shape = given as readonly number[]; // isArray does not narrow a readonly array
    const length = shape.reduce((product, size) => product * size, 1);
    return [name, new Tensor('float32', sample(length, 2), shape)] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return results[session.outputNames[0] as string]?.data as Float32Array;
}

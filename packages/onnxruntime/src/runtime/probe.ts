/** What a provider turns out to do, tried on a graph of one node. */
import { UnavailableError } from '@isoact/core';
import { GraphWriter } from '../export/graph-writer.ts';
import { defaultOpset } from '../export/opset.ts';
import type { ElementType } from '../onnx/element-type.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { Runtime } from './runtime.ts';
import { openSession, type SessionOptions } from './session.ts';

/** Whether the device computes with numbers of a type. @throws UnavailableError where there is no such provider. */
export async function computesWith(type: ElementType, runtime: Runtime, options: SessionOptions): Promise<boolean> {
  const writer = new GraphWriter({ opset: defaultOpset });
  const x = writer.input('x', 'float32', [1]);
  writer.output('y', writer.cast(writer.plainNode('Neg', [writer.cast(x, type)], type), 'float32'), [1]);
  const model = encodeModel({ name: 'probe', opset: defaultOpset, graph: writer.finish() });
  try {
    // what it cannot do is the answer, and no error to report
    const session = await openSession(runtime, model, options, { logSeverityLevel: 4 });
    await session.run({ x: new runtime.Tensor('float32', Float32Array.of(1), [1]) });
    await session.release();
    return true;
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    return false;
  }
}

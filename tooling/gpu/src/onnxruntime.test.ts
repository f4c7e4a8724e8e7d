import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { gpuKind } from './environment.ts';

function modelOf(operator: string): Uint8Array {
  const type = (name: string) => ({
    name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType: TensorProto_DataType.FLOAT,
          shape: { dim: [{ value: { case: 'dimValue' as const, value: 1000n } }] },
        },
      },
    },
  });
  const model = create(ModelProtoSchema, {
    irVersion: 10n,
    opsetImport: [{ domain: '', version: 21n }],
    graph: {
      name: operator,
      node: [{ opType: operator, input: ['x'], output: ['y'] }],
      input: [type('x')],
      output: [type('y')],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

test.skipIf(gpuKind() === 'none')('ONNX Runtime computes on WebGPU in Node', async () => {
  const session = await InferenceSession.create(modelOf('Neg'), {
    executionProviders: ['webgpu'],
    // Without this a graph that the GPU refuses runs on the CPU, silently.
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  const x = Float32Array.from({ length: 1000 }, (_, index) => index - 500.5);
  const { y } = await session.run({ x: new Tensor('float32', x, [1000]) });
  expect(y?.data).toEqual(x.map((value) => -value));
  await session.release();
});

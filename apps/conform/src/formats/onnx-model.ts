/** ONNX models of one node. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
} from 'onnx-buf';

const irVersion = 10n;
/** At opset 22 ONNX Runtime's WebGPU provider loses several operators. */
const opset = 21n;

type Shape = readonly number[];

/** A model of float32 tensors whose one output is y. */
export function singleNodeModel(
  operator: string,
  inputs: Readonly<Record<string, Shape>>,
  output: Shape,
  attributes: Readonly<Record<string, number | string>> = {},
): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: operator,
      node: [
        {
          opType: operator,
          input: Object.keys(inputs),
          output: ['y'],
          attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
        },
      ],
      input: Object.entries(inputs).map(([name, shape]) => typed(name, shape)),
      output: [typed('y', output)],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function attribute(name: string, value: number | string): MessageInitShape<typeof AttributeProtoSchema> {
  return typeof value === 'number'
    ? { name, type: AttributeProto_AttributeType.FLOAT, f: value }
    : { name, type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) };
}

const typed = (name: string, shape: Shape) => ({
  name,
  type: {
    value: {
      case: 'tensorType' as const,
      value: {
        elemType: TensorProto_DataType.FLOAT,
        shape: { dim: shape.map((length) => ({ value: { case: 'dimValue' as const, value: BigInt(length) } })) },
      },
    },
  },
});

/** ONNX models as peers have them: written here, and not by our exporter, which they stand beside. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  type GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
} from 'onnx-buf';

const irVersion = 10n;
/** At opset 22 ONNX Runtime's WebGPU provider loses several operators. */
const opset = 21n;

type Shape = readonly number[];

/** The bytes of a model of one graph. */
export const modelOf = (graph: MessageInitShape<typeof GraphProtoSchema>): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion, opsetImport: [{ domain: '', version: opset }], graph }),
  );

/** An input or an output of a graph. */
export const tensorInfo = (
  name: string,
  shape: Shape,
  elemType: TensorProto_DataType = TensorProto_DataType.FLOAT,
) => ({
  name,
  type: {
    value: {
      case: 'tensorType' as const,
      value: {
        elemType,
        shape: { dim: shape.map((length) => ({ value: { case: 'dimValue' as const, value: BigInt(length) } })) },
      },
    },
  },
});

/** A model of float32 tensors whose one output is y. */
export const singleNodeModel = (
  operator: string,
  inputs: Readonly<Record<string, Shape>>,
  output: Shape,
  attributes: Readonly<Record<string, number | string>> = {},
): Uint8Array =>
  modelOf({
    name: operator,
    node: [
      {
        opType: operator,
        input: Object.keys(inputs),
        output: ['y'],
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      },
    ],
    input: Object.entries(inputs).map(([name, shape]) => tensorInfo(name, shape)),
    output: [tensorInfo('y', output)],
  });

function attribute(name: string, value: number | string): MessageInitShape<typeof AttributeProtoSchema> {
  return typeof value === 'number'
    ? { name, type: AttributeProto_AttributeType.FLOAT, f: value }
    : { name, type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) };
}

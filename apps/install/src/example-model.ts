/** The model of `examples/onnx-surgery`: a classifier as an exporter would write it. `write-example-model.ts` writes it. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';

const widths = [4, 16, 16, 3] as const;

export const exampleModelFile: URL = new URL('../../../examples/onnx-surgery/model.onnx', import.meta.url);

/** Two hidden layers with ReLU and a softmax, over weights that are the same each time. */
export function exampleModel(): Uint8Array {
  const layers = widths.slice(1).map((outputs, index) => ({ inputs: widths[index] ?? 0, outputs, index }));
  const node = (opType: string, name: string, input: string[], output: string) =>
    create(NodeProtoSchema, { opType, name, input, output: [output] });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: 'isoact example',
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 21n })],
      graph: create(GraphProtoSchema, {
        name: 'classifier',
        input: [floats('input', widths[0])],
        output: [floats('classes', widths[3])],
        initializer: layers.flatMap(({ inputs, outputs, index }) => [
          tensor(`weight_${index}`, [inputs, outputs], index),
          tensor(`bias_${index}`, [outputs], index + layers.length),
        ]),
        node: layers.flatMap(({ index }) => {
          const last = index === layers.length - 1;
          const gemm = node(
            'Gemm',
            `/layer_${index}/Gemm`,
            [index === 0 ? 'input' : `hidden_${index - 1}`, `weight_${index}`, `bias_${index}`],
            `sum_${index}`,
          );
          const then = last
            ? node('Softmax', '/Softmax', [`sum_${index}`], 'classes')
            : node('Relu', `/layer_${index}/Relu`, [`sum_${index}`], `hidden_${index}`);
          return [gemm, then];
        }),
      }),
    }),
  );
}

function tensor(name: string, dims: readonly number[], seed: number) {
  const count = dims.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: count }, (_, index) =>
    Math.sin(12.9898 * (index + 1) + 78.233 * (seed + 1)),
  );
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(values.buffer),
  });
}

function floats(name: string, width: number) {
  const dim = [
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: 'batch' } }),
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(width) } }),
  ];
  const tensorType = create(TypeProto_TensorSchema, {
    elemType: TensorProto_DataType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }),
  });
}

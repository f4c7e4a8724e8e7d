/** A few lines to write an ONNX graph node by node, as an exporter does. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
} from 'onnx-buf';

export interface GraphWriter {
  /** Adds a node and gives the name of its output. */
  node(operator: string, ...inputs: readonly string[]): string;
  /** A node with float attributes. */
  withNumbers(operator: string, attributes: Readonly<Record<string, number>>, ...inputs: readonly string[]): string;
  /** Sum over axes, or over all; the lengths become 1 or go. */
  reduce(operator: 'ReduceSum' | 'ReduceMean', input: string, axes: readonly number[] | 'all'): string;
  /** A scalar float32 constant. */
  scalar(value: number): string;
  /** An int64 constant, as axes and positions are given. */
  integers(values: readonly number[]): string;
  cast(input: string, type: 'float' | 'int64'): string;
}

export interface GraphOutput {
  /** The value behind it, the output of a node that nothing else reads. */
  readonly value: string;
  readonly shape: readonly number[];
}

const irVersion = 10n;
/** At opset 22 ONNX Runtime's WebGPU provider loses several operators. */
const opset = 21n;
const elementTypes = { float: TensorProto_DataType.FLOAT, int64: TensorProto_DataType.INT64 } as const;

/** A model with float32 inputs of one shape. */
export function onnxModel(
  inputs: readonly string[],
  shape: readonly number[],
  build: (writer: GraphWriter) => Readonly<Record<string, GraphOutput>>,
): Uint8Array {
  const nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  const constants: MessageInitShape<typeof TensorProtoSchema>[] = [];
  const constant = (tensor: MessageInitShape<typeof TensorProtoSchema>): string => {
    const name = `constant_${constants.length}`;
    constants.push({ ...tensor, name });
    return name;
  };
  const integer = (name: string, value: number) => ({ name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  const float = (name: string, value: number) => ({ name, type: AttributeProto_AttributeType.FLOAT, f: value });
  type Attribute = ReturnType<typeof integer> | ReturnType<typeof float>;
  const add = (opType: string, input: readonly string[], attribute: Attribute[] = []): string => {
    const output = `${opType}_${nodes.length}`;
    nodes.push({ opType, name: output, input: [...input], output: [output], attribute });
    return output;
  };
  const integers = (values: readonly number[]): string =>
    constant({ dataType: TensorProto_DataType.INT64, dims: [BigInt(values.length)], int64Data: values.map(BigInt) });
  const outputs = build({
    integers,
    node: (operator, ...given) => add(operator, given),
    withNumbers: (operator, attributes, ...given) =>
      add(
        operator,
        given,
        Object.entries(attributes).map(([name, value]) => float(name, value)),
      ),
    reduce: (operator, input, axes) => {
      if (axes === 'all') return add(operator, [input], [integer('keepdims', 0)]);
      return add(operator, [input, integers(axes)], [integer('keepdims', 1)]);
    },
    scalar: (value) => constant({ dataType: TensorProto_DataType.FLOAT, floatData: [value] }),
    cast: (input, type) => add('Cast', [input], [integer('to', elementTypes[type])]),
  });
  for (const [name, { value }] of Object.entries(outputs)) {
    for (const node of nodes) {
      // Renamed in place: an Identity at the end could cost a copy.
      node.output = node.output?.map((each) => (each === value ? name : each)) ?? [];
      node.input = node.input?.map((each) => (each === value ? name : each)) ?? [];
    }
  }
  const model = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'composed',
      node: nodes,
      initializer: constants,
      input: inputs.map((name) => typed(name, shape)),
      output: Object.entries(outputs).map(([name, output]) => typed(name, output.shape)),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

const typed = (name: string, shape: readonly number[]) => ({
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

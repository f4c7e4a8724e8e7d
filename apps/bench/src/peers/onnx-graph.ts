/** A few lines to write an ONNX graph node by node, as an exporter does. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { encodeHalf } from '@isoact/core';
import { modelOf, tensorInfo } from '@isoact-apps/conform/onnx-model';
import {
  AttributeProto_AttributeType,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
} from 'onnx-buf';
import { type BenchDtype, elementTypes } from '../core/dtypes.ts';

export interface GraphWriter {
  /** Adds a node and gives the name of its output. */
  node(operator: string, ...inputs: readonly string[]): string;
  /** A node with float attributes. */
  withNumbers(operator: string, attributes: Readonly<Record<string, number>>, ...inputs: readonly string[]): string;
  /** Sum over axes, or over all; the lengths become 1 or go. */
  reduce(operator: 'ReduceSum' | 'ReduceMean', input: string, axes: readonly number[] | 'all'): string;
  /** A parameter of the activation as a tensor of the graph's inputs would have it: backends agree on such a value. */
  parameter(value: number): number;
  /** A scalar constant in the type of the arithmetic. */
  scalar(value: number): string;
  /** An int64 constant, as axes and positions are given. */
  integers(values: readonly number[]): string;
  cast(input: string, type: 'float32' | 'int64'): string;
}

export interface GraphOutput {
  /** The value behind it, the output of a node that nothing else reads. */
  readonly value: string;
  readonly shape: readonly number[];
}

const onnxTypes = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int64: TensorProto_DataType.INT64,
} as const;

/** In what type tensors go in and out, and in what type a graph computes; it converts where they differ. */
export interface Precision {
  readonly storage: BenchDtype;
  readonly arithmetic: BenchDtype;
}

/** A graph whose tensors are all of one type, as one that was converted to float16 as a whole. */
export const throughout = (dtype: BenchDtype): Precision => ({ storage: dtype, arithmetic: dtype });

/** A model with inputs of one shape. */
export function onnxModel(
  inputs: readonly string[],
  shape: readonly number[],
  build: (writer: GraphWriter) => Readonly<Record<string, GraphOutput>>,
  { storage, arithmetic }: Precision = throughout('float32'),
): Uint8Array {
  const nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  const constants: MessageInitShape<typeof TensorProtoSchema>[] = [];
  let made = 0;
  const constant = (tensor: MessageInitShape<typeof TensorProtoSchema>): string => {
    const name = `constant_${constants.length}`;
    constants.push({ ...tensor, name });
    return name;
  };
  const integer = (name: string, value: number) => ({ name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  const float = (name: string, value: number) => ({ name, type: AttributeProto_AttributeType.FLOAT, f: value });
  type Attribute = ReturnType<typeof integer> | ReturnType<typeof float>;
  const add = (opType: string, input: readonly string[], attribute: Attribute[] = []): string => {
    const output = `${opType}_${made++}`;
    nodes.push({ opType, name: output, input: [...input], output: [output], attribute });
    return output;
  };
  const integers = (values: readonly number[]): string =>
    constant({ dataType: TensorProto_DataType.INT64, dims: [BigInt(values.length)], int64Data: values.map(BigInt) });
  const cast = (input: string, type: keyof typeof onnxTypes): string =>
    add('Cast', [input], [integer('to', onnxTypes[type])]);
  const outputs = build({
    integers,
    parameter: (value) => elementTypes[storage].toNumbers(elementTypes[storage].fromNumbers([value]))[0] ?? value,
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
    scalar: (value) =>
      arithmetic === 'float32'
        ? constant({ dataType: TensorProto_DataType.FLOAT, floatData: [value] })
        : constant({ dataType: TensorProto_DataType.FLOAT16, int32Data: [encodeHalf(value)] }),
    cast,
  });
  const converted = storage === arithmetic ? {} : convert();
  for (const [name, { value }] of Object.entries(outputs)) rename(converted[value] ?? value, name);
  return modelOf({
    name: 'composed',
    node: nodes,
    initializer: constants,
    input: inputs.map((name) => tensorInfo(name, shape, onnxTypes[storage])),
    output: Object.entries(outputs).map(([name, output]) => tensorInfo(name, output.shape, onnxTypes[storage])),
  });

  /** Renamed in place: an Identity at the end could cost a copy. */
  function rename(from: string, to: string): void {
    for (const node of nodes) {
      node.output = node.output?.map((each) => (each === from ? to : each)) ?? [];
      node.input = node.input?.map((each) => (each === from ? to : each)) ?? [];
    }
  }

  /** Converts what goes in and out. @returns the converted values by those that they are made of. */
  function convert(): Readonly<Record<string, string>> {
    const own = nodes.splice(0);
    const wide = Object.fromEntries(inputs.map((name) => [name, cast(name, arithmetic)]));
    for (const node of own) node.input = node.input?.map((each) => wide[each] ?? each) ?? [];
    nodes.push(...own);
    return Object.fromEntries(Object.values(outputs).map(({ value }) => [value, cast(value, storage)]));
  }
}

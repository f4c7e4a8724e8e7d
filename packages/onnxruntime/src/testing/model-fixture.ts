/** Builds models as exporters write them, with weights that are the same at every call. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type FunctionProto,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import type { ElementType } from '../onnx/element-type.ts';
import type { Dimension } from '../onnx/messages.ts';
import { joined } from '../onnx/wire-writer.ts';
import { tensorProto, valueInfo } from './proto.ts';

export type FixtureAttribute = number | bigint | string | readonly number[] | GraphProto | TensorProto;

export class GraphFixture {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly valueInfo: ValueInfoProto[] = [];

  input(name: string, shape: readonly Dimension[], type: ElementType = 'float32'): string {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, shape: readonly Dimension[], type: ElementType = 'float32'): void {
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** A node; its output is named after it unless given, as PyTorch does. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, FixtureAttribute>> = {},
    { output = `/${operator}_${this.nodes.length}_output_0`, domain = '', more = [] as readonly string[] } = {},
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => fixtureAttribute(name, value));
    const name = `/${operator}_${this.nodes.length}`;
    this.nodes.push(
      create(NodeProtoSchema, {
        name,
        opType: operator,
        domain,
        input: [...inputs],
        output: [output, ...more],
        attribute,
      }),
    );
    return output;
  }

  tensor(name: string, shape: readonly number[], values: ArrayLike<number>, type: ElementType = 'float32'): string {
    this.initializers.push(tensorProto(name, type, shape, values));
    return name;
  }

  scalar(name: string, value: number, type: ElementType = 'float32'): string {
    return this.tensor(name, [], [value], type);
  }

  /** Weights of the size that keeps activations of size 1. */
  weight(name: string, shape: readonly number[], inputs = 1): string {
    const count = shape.reduce((product, length) => product * length, 1);
    const scale = Math.sqrt(2 / inputs);
    const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
    return this.tensor(
      name,
      shape,
      Float32Array.from({ length: count }, (_, k) => scale * Math.sin(seed + k * 12.9898)),
    );
  }

  constantNode(value: number, type: ElementType = 'float32'): string {
    return this.node('Constant', [], { value: tensorProto('', type, [], [value]) });
  }

  graph(name: string): GraphProto {
    return create(GraphProtoSchema, {
      name,
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: this.outputs,
      valueInfo: this.valueInfo,
      docString: 'made for a test',
    });
  }

  model(options: { opset?: number; irVersion?: number; functions?: FunctionProto[] } = {}): Uint8Array<ArrayBuffer> {
    return encodeFixture(this.graph('main'), options);
  }
}

/** A model with metadata, and with a field that no version of ONNX knows. */
function encodeFixture(
  graph: GraphProto,
  { opset = 17, irVersion = 8, functions = [] as FunctionProto[] } = {},
): Uint8Array<ArrayBuffer> {
  const domains = new Set(['', 'com.microsoft', ...functions.map(({ domain }) => domain)]);
  const model: ModelProto = create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: 'pytorch',
    producerVersion: '2.4.0',
    opsetImport: [...domains].map((domain) =>
      create(OperatorSetIdProtoSchema, { domain, version: BigInt(domain ? 1 : opset) }),
    ),
    metadataProps: [create(StringStringEntryProtoSchema, { key: 'author', value: 'a test' })],
    graph,
    functions,
  });
  // field 999, a length-delimited one
  return joined([toBinary(ModelProtoSchema, model), Uint8Array.of(0xba, 0x3e, 3, 1, 2, 3)]);
}

function fixtureAttribute(name: string, value: FixtureAttribute): AttributeProto {
  const made = (contents: MessageInitShape<typeof AttributeProtoSchema>): AttributeProto =>
    create(AttributeProtoSchema, { name, ...contents });
  if (typeof value === 'bigint') return made({ type: AttributeType.INT, i: value });
  if (typeof value === 'number') return made({ type: AttributeType.FLOAT, f: value });
  if (typeof value === 'string') return made({ type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  if (!('$typeName' in value)) return made({ type: AttributeType.INTS, ints: value.map(BigInt) });
  if (value.$typeName === 'onnx.GraphProto') return made({ type: AttributeType.GRAPH, g: value });
  return made({ type: AttributeType.TENSOR, t: value });
}

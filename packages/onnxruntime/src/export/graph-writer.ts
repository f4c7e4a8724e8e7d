/**
 * Collects the nodes, constants, inputs and outputs of one GraphProto. Equal constants are stored once, names are
 * unique, and every value knows its element type, which ONNX wants to be equal among the operands of most operators.
 */
import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { type ElementType, elementTypeNumber } from './element-type.ts';
import { type Dimension, tensorProto, valueInfo } from './tensor-proto.ts';

/** A value of the graph: the name of a node's output, an input or a constant. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
}

/** An attribute: an integer (bigint), a float, a text, or a list of integers. */
export type Attribute = bigint | number | string | readonly bigint[];

export class GraphWriter {
  readonly #prefix: string;
  readonly #nodes: NodeProto[] = [];
  readonly #constants = new Map<string, { value: Value; tensor: TensorProto }>();
  readonly #inputs = new Map<string, ValueInfoProto>();
  readonly #outputs: ValueInfoProto[] = [];
  readonly #casts = new Map<string, Value>();
  readonly #counts = new Map<string, number>();

  /** Every name of a node or constant starts with the prefix, so that a graph can be put into another one. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** Adds a node of one output. */
  node(
    operator: string,
    inputs: readonly Value[],
    type: ElementType,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    const name = this.#unique(operator);
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType: operator,
        input: inputs.map((value) => value.name),
        output: [name],
        attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
      }),
    );
    return { name, type };
  }

  /** The value in another type; itself if it has that type. */
  cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    const key = `${value.name}:${type}`;
    let cast = this.#casts.get(key);
    if (!cast) {
      cast = this.node('Cast', [value], type, { to: BigInt(elementTypeNumber[type]) });
      this.#casts.set(key, cast);
    }
    return cast;
  }

  /** A scalar, or a list where the shape says so. */
  constant(values: number | readonly number[], type: ElementType): Value {
    const list = typeof values === 'number' ? [values] : values;
    const key = `${type}:${typeof values}:${list.map((value) => (Object.is(value, -0) ? '-0' : value)).join()}`;
    let entry = this.#constants.get(key);
    if (!entry) {
      const name = this.#unique('constant');
      const shape = typeof values === 'number' ? [] : [list.length];
      entry = { value: { name, type }, tensor: tensorProto(name, type, shape, list) };
      this.#constants.set(key, entry);
    }
    return entry.value;
  }

  /** A named tensor whose values the model carries. */
  initializer(name: string, type: ElementType, shape: readonly number[], values: ArrayLike<number>): Value {
    const value = { name: `${this.#prefix}${name}`, type };
    this.#constants.set(`named:${name}`, { value, tensor: tensorProto(value.name, type, shape, values) });
    return value;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[] | undefined): Value {
    if (!this.#inputs.has(name)) this.#inputs.set(name, valueInfo(name, type, shape));
    return { name, type };
  }

  /** Makes a value an output of the graph under a name of its own. */
  output(name: string, value: Value, shape: readonly Dimension[] | undefined): void {
    this.#nodes.push(create(NodeProtoSchema, { name, opType: 'Identity', input: [value.name], output: [name] }));
    this.#outputs.push(valueInfo(name, value.type, shape));
  }

  get nodes(): readonly NodeProto[] {
    return this.#nodes;
  }

  get initializers(): readonly TensorProto[] {
    return [...this.#constants.values()].map(({ tensor }) => tensor);
  }

  graph(name: string): GraphProto {
    return create(GraphProtoSchema, {
      name,
      node: this.#nodes,
      initializer: [...this.initializers],
      input: [...this.#inputs.values()],
      output: this.#outputs,
    });
  }

  #unique(stem: string): string {
    const count = this.#counts.get(stem) ?? 0;
    this.#counts.set(stem, count + 1);
    return `${this.#prefix}${stem}_${count}`;
  }
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: value });
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: [...value] });
}

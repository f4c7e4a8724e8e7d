/**
 * Collects the nodes, constants, inputs and outputs of a graph. Equal constants are stored once, names are unique, every
 * value knows its element type, and operators are written as the opset has them.
 */
import { type ElementType, elementTypeNumber } from '../onnx/element-type.ts';
import type {
  AttributeValue,
  Dimension,
  GraphMessage,
  NodeMessage,
  TensorMessage,
  ValueMessage,
} from '../onnx/messages.ts';
import { inOpset } from './opset.ts';

/** A value of the graph: the name of a node's output, an input or a constant. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
}

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface WriterOptions {
  /** What every name of a node or constant starts with, so that a graph can be put into another one. */
  readonly prefix?: string;
  readonly opset: number;
  /** Functions have no initializers, and neither have old models: there, constants are nodes. */
  readonly constants?: 'initializers' | 'nodes';
}

export class GraphWriter {
  readonly opset: number;
  readonly #prefix: string;
  readonly #constantsAreNodes: boolean;
  readonly #nodes: NodeMessage[] = [];
  readonly #constantNodes: NodeMessage[] = [];
  readonly #initializers: TensorMessage[] = [];
  readonly #inputs = new Map<string, ValueMessage>();
  readonly #outputs = new Map<string, { value: Value; info: ValueMessage }>();
  readonly #known = new Map<string, Value>();
  readonly #counts = new Map<string, number>();

  constructor({ prefix = '', opset, constants = 'initializers' }: WriterOptions) {
    this.opset = opset;
    this.#prefix = prefix;
    this.#constantsAreNodes = constants === 'nodes';
  }

  /** Adds a node of one output, or what stands for it in an older opset. */
  node(operator: string, inputs: readonly Value[], type: ElementType, attributes: Attributes = {}): Value {
    return inOpset(this, operator, inputs, type, attributes) ?? this.plainNode(operator, inputs, type, attributes);
  }

  /** Adds this very node. */
  plainNode(operator: string, inputs: readonly Value[], type: ElementType, attributes: Attributes = {}): Value {
    const name = this.#unique(operator);
    this.#nodes.push({ name, operator, inputs: inputs.map((value) => value.name), outputs: [name], attributes });
    return { name, type };
  }

  /** A reduction that keeps axes of length 1; over all axes unless some are given. */
  reduce(operator: 'ReduceSum' | 'ReduceMean', value: Value, axes?: readonly number[]): Value {
    const axesAreInput = this.opset >= (operator === 'ReduceSum' ? 13 : 18);
    const inputs = axes && axesAreInput ? [value, this.constant(axes, 'int64')] : [value];
    const attributes = { keepdims: 1n, ...(axes && !axesAreInput && { axes: axes.map(BigInt) }) };
    return this.plainNode(operator, inputs, value.type, attributes);
  }

  /** Equal parts of a value along an axis. */
  split(value: Value, axis: number, parts: number): readonly Value[] {
    const name = this.#unique('Split');
    const outputs = Array.from({ length: parts }, (_, part) => `${name}_${part}`);
    const attributes = { axis: BigInt(axis), ...(this.opset >= 18 && { num_outputs: BigInt(parts) }) };
    this.#nodes.push({ name, operator: 'Split', inputs: [value.name], outputs, attributes });
    return outputs.map((output) => ({ name: output, type: value.type }));
  }

  /** The value in another type; itself if it has that type. */
  cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    return this.#once(`cast ${value.name}:${type}`, () =>
      this.plainNode('Cast', [value], type, { to: BigInt(elementTypeNumber[type]) }),
    );
  }

  /** The value of any float type in this one. */
  castAny(value: Value, type: ElementType): Value {
    const to = BigInt(elementTypeNumber[type]);
    return this.#once(`cast any ${value.name}:${type}`, () => this.plainNode('Cast', [value], type, { to }));
  }

  /** A scalar, or a list. */
  constant(values: number | readonly number[], type: ElementType): Value {
    const list = typeof values === 'number' ? [values] : values;
    const key = `${typeof values} ${type} ${list.map((value) => (Object.is(value, -0) ? '-0' : value)).join()}`;
    return this.#once(key, () => {
      const shape = typeof values === 'number' ? [] : [list.length];
      return this.#tensor({ name: this.#unique('constant'), type, shape, values: list });
    });
  }

  /** A named tensor whose values the model carries. */
  initializer(name: string, type: ElementType, shape: readonly number[], values: ArrayLike<number>): Value {
    const full = `${this.#prefix}${name}`;
    return this.#once(`initializer ${name}`, () => this.#tensor({ name: full, type, shape, values }));
  }

  /** A float32 that is an attribute of the function whose body this is. */
  attribute(name: string): Value {
    return this.#once(`attribute ${name}`, () => {
      const output = this.#unique(name);
      const attributes = { value_float: { attribute: name } };
      this.#constantNodes.push({ name: output, operator: 'Constant', inputs: [], outputs: [output], attributes });
      return { name: output, type: 'float32' };
    });
  }

  /** @param shape undefined where the rank is unknown */
  input(name: string, type: ElementType, shape: readonly Dimension[] | undefined): Value {
    if (!this.#inputs.has(name)) this.#inputs.set(name, { name, type, shape });
    return { name, type };
  }

  /** Makes a value an output of the graph under a name of its own. */
  output(name: string, value: Value, shape: readonly Dimension[] | undefined): void {
    this.#outputs.set(name, { value, info: { name, type: value.type, shape } });
  }

  finish(): GraphMessage {
    const renamed = new Map<string, string>();
    const copies: NodeMessage[] = [];
    for (const [name, { value }] of this.#outputs) {
      const made = this.#nodes.some(({ outputs }) => outputs[0] === value.name);
      if (made && !renamed.has(value.name)) renamed.set(value.name, name);
      else copies.push({ name, operator: 'Identity', inputs: [value.name], outputs: [name] });
    }
    const rename = (name: string): string => renamed.get(name) ?? name;
    const nodes = [...this.#constantNodes, ...this.#nodes, ...copies].map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    }));
    return {
      nodes,
      initializers: this.#initializers,
      inputs: [...this.#inputs.values()],
      outputs: [...this.#outputs.values()].map(({ info }) => info),
    };
  }

  #tensor(tensor: TensorMessage): Value {
    const { name, type } = tensor;
    if (this.#constantsAreNodes) {
      const node = { name, operator: 'Constant', inputs: [], outputs: [name], attributes: { value: tensor } };
      this.#constantNodes.push(node);
    } else {
      this.#initializers.push(tensor);
    }
    return { name, type };
  }

  #once(key: string, make: () => Value): Value {
    let value = this.#known.get(key);
    if (!value) {
      value = make();
      this.#known.set(key, value);
    }
    return value;
  }

  #unique(stem: string): string {
    const count = this.#counts.get(stem) ?? 0;
    this.#counts.set(stem, count + 1);
    return `${this.#prefix}${stem}_${count}`;
  }
}

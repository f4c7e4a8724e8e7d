/**
 * The parts of ONNX's protobuf messages that are written here, as plain data (onnx.proto of ONNX 1.16 and later; field
 * numbers stand in encode.ts).
 */
import type { ElementType } from './element-type.ts';

/** A length, or the name of one that is known only when the model runs. */
export type Dimension = number | string;

export interface TensorMessage {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A float that is the attribute of that name of the function around. */
interface AttributeReference {
  readonly attribute: string;
}

/** An integer (bigint), a float, a text, a list of integers, a tensor, or a reference. */
export type AttributeValue = bigint | number | string | readonly bigint[] | TensorMessage | AttributeReference;

export interface NodeMessage {
  readonly name: string;
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface ValueMessage {
  readonly name: string;
  readonly type: ElementType;
  /** Undefined where the rank is unknown. */
  readonly shape: readonly Dimension[] | undefined;
}

export interface GraphMessage {
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly TensorMessage[];
  readonly inputs: readonly ValueMessage[];
  readonly outputs: readonly ValueMessage[];
}

export interface FunctionMessage {
  readonly name: string;
  readonly domain: string;
  readonly documentation: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly string[];
  readonly nodes: readonly NodeMessage[];
  readonly opset: number;
}

export interface ModelMessage {
  /** The graph's name. */
  readonly name: string;
  readonly opset: number;
  readonly graph: GraphMessage;
  readonly functions?: readonly FunctionMessage[];
}

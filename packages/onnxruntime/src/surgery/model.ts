/**
 * What a model file holds, and where: its graphs and functions with their nodes, types and constants. Weights are never
 * decoded, only located.
 */
import type { Field, Range } from './wire.ts';

export interface Model {
  readonly file: Uint8Array;
  readonly irVersion: number;
  /** Version of each imported domain; the default domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Where the import of the default domain stands. */
  readonly opsetImport: Field | undefined;
  /** The main graph, the graphs in its nodes, and the bodies of functions, each before those inside of it. */
  readonly scopes: readonly Scope[];
  /** The files that tensors of this model lie in, as it names them. */
  readonly externalFiles: readonly string[];
}

/** A graph or the body of a function: one space of names, which graphs inside of it see. */
export interface Scope {
  readonly kind: 'graph' | 'function';
  /** For a person: `graph`, `graph/loop_3/body`, `function aten_gelu`. */
  readonly label: string;
  /** The messages around and itself, outermost first. */
  readonly path: readonly Field[];
  readonly parent: Scope | undefined;
  readonly opset: number;
  readonly nodes: readonly ModelNode[];
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  readonly initializers: ReadonlyMap<string, TensorView>;
  /** What inputs, outputs and value_info say of a value. */
  readonly types: ReadonlyMap<string, ValueType>;
  /** The value_info entries, which describe inner values. */
  readonly valueInfo: ReadonlyMap<string, Field>;
}

export interface ValueType {
  readonly elementType: number;
  readonly shape: readonly (number | string)[] | undefined;
}

export interface ModelNode {
  readonly field: Field;
  readonly index: number;
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeView>;
  /** Names that graphs inside of the node read from around it, or may. */
  readonly captured: readonly string[];
}

export interface AttributeView {
  readonly float?: number;
  readonly integer?: number;
  readonly text?: string;
  readonly floats?: readonly number[];
  readonly integers?: readonly number[];
  readonly tensor?: TensorView;
  /** The value is an attribute of the function around. */
  readonly reference: boolean;
}

export interface TensorView {
  readonly name: string;
  readonly field: Field;
  readonly elementType: number;
  readonly shape: readonly number[];
  /** Where in the file its message lies. */
  readonly range: Range;
  /** The file that its values lie in, if it is another one. */
  readonly externalFile: string | undefined;
}

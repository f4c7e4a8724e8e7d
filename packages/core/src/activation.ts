/** A definition with its settings: the data that plans, kernels and tests are made from. */
import type { ForwardGraph, VjpGraph } from './graph/graph.ts';
import type { ParameterDeclaration } from './settings.ts';

/** A value of the derivative that the definition declares, at a point where it has none. */
export interface Kink {
  readonly at: number;
  readonly slope: number;
}

/** Values of y (of its first part) and of dy/dx (for an upstream of 1) at one end; null where they depend on more than x. */
export interface Limit {
  readonly value: number | null;
  readonly slope: number | null;
}

/** A definition with its parameters and options set: what every adapter compiles. */
export interface Activation<Trainable extends string = string> {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly trainable: readonly Trainable[];
  readonly declarations: Readonly<Record<string, ParameterDeclaration>>;
  readonly forward: ForwardGraph;
  readonly vjp: VjpGraph;
  readonly limits: { readonly negative: Limit; readonly positive: Limit };
  readonly kinks: readonly Kink[];
  readonly breakpoints: readonly number[];
}

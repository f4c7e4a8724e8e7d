/** The two graphs of an activation: what it computes, and what it hands back. */
import type { Expression } from '../expression/node.ts';

/** Fields of the shape of x that lie beside each other along the channel axis; mostly one. */
export type Parts = readonly [Expression, ...Expression[]];

export interface ForwardGraph {
  /** One number per element, or several: then y is so many times as long along the channel axis as x is. */
  readonly y: Parts;
  /** One number for the whole tensor, to be added to a loss. */
  readonly penalty?: Expression;
  /** One number per group, for a later call. */
  readonly state?: Readonly<Record<string, Expression>>;
}

/** The roots of a forward, but for the state. */
export const forwardRoots = ({ y, penalty }: ForwardGraph): readonly Expression[] => (penalty ? [...y, penalty] : y);

export interface VjpGraph {
  /** Gradient of each element of x. */
  readonly x: Expression;
  /** Gradient of each trainable parameter, summed over the axes it was broadcast along. */
  readonly parameters: Readonly<Record<string, Expression>>;
}

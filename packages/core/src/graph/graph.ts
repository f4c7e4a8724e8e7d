/** The two graphs of an activation: what it computes, and what it hands back. */
import type { Expression } from '../expression/node.ts';

export interface ForwardGraph {
  /** One number per element. */
  readonly y: Expression;
  /** One number for the whole tensor, to be added to a loss. */
  readonly penalty?: Expression;
  /** One number per group, for a later call. */
  readonly state?: Readonly<Record<string, Expression>>;
}

export interface VjpGraph {
  /** Gradient of each element of x. */
  readonly x: Expression;
  /** Gradient of each trainable parameter, summed over the axes it was broadcast along. */
  readonly parameters: Readonly<Record<string, Expression>>;
}

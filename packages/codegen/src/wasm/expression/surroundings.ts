/** What expressions are emitted into: the blocks of a function, and the values that are at hand there. */
import type { Node } from '@isoact/core';
import type { Instruction } from '../binary/instruction.ts';
import type { FunctionBuilder } from '../loops/function-builder.ts';

/** A value that the surroundings provide, and the block in which it is constant. */
export interface Leaf {
  readonly level: number;
  /** Called once in each block. */
  readonly read: () => Instruction;
}

export interface Surroundings {
  readonly builder: FunctionBuilder;
  readonly leaf: (node: Node) => Leaf | null;
  /** Pivot, and the mean's distance from it, where a mean is known in this form. */
  readonly centre: (mean: Node, operand: Node) => { readonly pivot: Leaf; readonly offset: Leaf } | null;
  /** Selects that give an odd function its sign. */
  readonly odd: Pick<ReadonlySet<Node>, 'has'>;
  /** Whether the engine has relaxed SIMD: a product is then fused with the sum that it goes into. */
  readonly relaxed: boolean;
  /** The integer behind a count. */
  readonly integer: (node: Node) => Leaf | null;
}

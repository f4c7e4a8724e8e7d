import { type Expression, topologicalOrder } from '../expression/node.ts';

/** What a body costs: its nodes but constants and the argument, and how many of them are the dear ones. */
export interface OperationCount {
  readonly total: number;
  readonly divisions: number;
  readonly squareRoots: number;
  /** Each is about six instructions where a target builds 2^k from two halves of k. */
  readonly scalings: number;
}

export function countOperations(body: Expression): OperationCount {
  const nodes = topologicalOrder([body]).filter((node) => node.kind !== 'constant' && node.kind !== 'argument');
  const named = (name: string): number => nodes.filter((node) => 'name' in node && node.name === name).length;
  return {
    total: nodes.length,
    divisions: named('divide'),
    squareRoots: named('sqrt'),
    scalings: named('scaleByPowerOfTwo'),
  };
}

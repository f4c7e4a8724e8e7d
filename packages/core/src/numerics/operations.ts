import { type Expression, type FunctionName, type Node, topologicalOrder } from '../expression/node.ts';
import { elementCount } from '../graph/geometry.ts';
import { variationIn } from '../graph/variation.ts';
import type { Plan } from '../plan/plan.ts';
import { float32Library } from './library.ts';

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

/**
 * The arithmetic of a plan: each node of its graphs is one operation, and a function as many as its float32 body has.
 * A target that knows a cheaper form for the range at hand takes fewer, never more.
 */
export function planOperations({ passes, scalars, layout }: Plan): number {
  const roots = [...passes.flatMap((pass) => [...pass.outputs, ...pass.scalars]), ...scalars].map(
    ({ expression }) => expression,
  );
  const variation = variationIn(layout);
  /** How often a node's value is computed: once for each combination of the axes along which it differs. */
  const times = (node: Node): number => elementCount([...variation(node)].map((axis) => layout.shape[axis] ?? 1));
  return topologicalOrder(roots).reduce((sum, node) => sum + operationsAt(node) * times(summed(node)), 0);
}

/** A statistic adds up its operand, however few values it has itself. */
const summed = (node: Node): Node =>
  node.kind === 'statistic' ? node.operand : node.kind === 'count' ? node.where : node;

function operationsAt(node: Node): number {
  switch (node.kind) {
    case 'constant':
    case 'input':
    case 'parameter':
    case 'state':
    case 'argument':
    case 'size':
      return 0;
    case 'unary':
      return node.name in float32Library ? countOperations(float32Library[node.name as FunctionName]).total : 1;
    default:
      return 1;
  }
}

/**
 * How much arithmetic a question is, whoever answers it: the nodes of the definition's own graph, functions as the
 * float32 library writes them. Each node counts as one operation, so a roof made of it is never too low.
 */
import { elementCount } from '@isoact/core';
import { type Node, topologicalOrder } from '@isoact/core/expression';
import { countOperations, float32Library } from '@isoact/core/numerics';
import { plan, sequentialTarget, variationIn } from '@isoact/core/plan';
import type { BenchCase } from './candidate.ts';

/** Operations of one call. */
export function operationsOf({ activation, direction, shape, dtype }: BenchCase): number {
  const { passes, scalars, layout } = plan(activation, { shape, dtype }, direction, sequentialTarget);
  const roots = [...passes.flatMap((pass) => [...pass.outputs, ...pass.scalars]), ...scalars].map(
    ({ expression }) => expression,
  );
  const variation = variationIn(layout);
  /** How often a node's value is computed: once for each combination of the axes along which it differs. */
  const times = (node: Node): number => elementCount([...variation(node)].map((axis) => shape[axis] ?? 1));
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

type FunctionName = keyof typeof float32Library;

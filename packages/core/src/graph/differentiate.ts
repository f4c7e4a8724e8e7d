/**
 * Reverse-mode differentiation: from an activation's graph to its vector-Jacobian product, again a graph.
 *
 * Every node is a field over the elements, so the adjoint of a node is a field of contributions, one per element. A
 * statistic or a parameter has one value for many elements: there, and only there, the contributions are summed over
 * the elements that share it. The penalty is one number for the whole tensor; its adjoint is a *total* from the start
 * and stays one until it reaches a statistic.
 */
import { add, chained } from '../expression/arithmetic.ts';
import { abs, constant, equal, input, isNaN, parameter, select, sum } from '../expression/build.ts';
import { isZero } from '../expression/leaves.ts';
import { type Expression, type Extent, topologicalOrder } from '../expression/node.ts';
import { type ForwardGraph, forwardRoots, type VjpGraph } from './graph.ts';

/** The scalar input that carries the upstream gradient of the penalty. */
export const upstreamPenalty = 'upstreamPenalty';

/** The exact vector-Jacobian product of a forward graph for x and the named parameters. */
export function differentiate(forward: ForwardGraph, parameters: readonly string[]): VjpGraph {
  const fields = new Map<Expression, Expression>();
  const totals = new Map<Expression, Expression>();
  for (const [part, y] of forward.y.entries()) accumulate(fields, y, input('upstream', part));
  if (forward.penalty) totals.set(forward.penalty, parameter(upstreamPenalty));

  for (const node of topologicalOrder(forwardRoots(forward)).reverse()) {
    switch (node.kind) {
      case 'unary': {
        const { operand, operation } = node;
        const through = operation.chain ?? chained;
        contribute(node, operand, (u) => operation.derivative && through(u, operation.derivative(operand, node)));
        break;
      }
      case 'binary': {
        const { left, right, operation } = node;
        contribute(node, left, (u) => operation.adjoints(u, left, right, node)[0]);
        contribute(node, right, (u) => operation.adjoints(u, left, right, node)[1]);
        break;
      }
      case 'select':
        contribute(node, node.whenTrue, (u) => select(node.condition, u, 0));
        contribute(node, node.whenFalse, (u) => select(node.condition, 0, u));
        break;
      case 'statistic': {
        const total = totalOf(node, node.extent);
        if (!total) break;
        const share = node.operation.share(total, node.operand, node.extent);
        // nothing flows through a statistic that an infinity in its group has made infinite
        accumulate(fields, node.operand, select(equal(abs(node), Infinity), 0, share));
      }
    }
  }

  const x = fields.get(input('x')) ?? constant(0);
  return {
    x: select(isNaN(input('x')), input('x'), x),
    parameters: Object.fromEntries(
      parameters.map((name) => [name, totalOf(parameter(name), { broadcastOf: name }) ?? constant(0)]),
    ),
  };

  function contribute(from: Expression, to: Expression, through: (adjoint: Expression) => Expression | null): void {
    if (to.kind === 'constant') return;
    for (const adjoints of [fields, totals]) {
      const adjoint = adjoints.get(from);
      const contribution = adjoint && through(adjoint);
      if (contribution) accumulate(adjoints, to, contribution);
    }
  }

  /** The whole adjoint of a node that one value stands for all elements of the extent. */
  function totalOf(node: Expression, extent: Extent): Expression | undefined {
    const field = fields.get(node);
    const total = totals.get(node);
    if (!field) return total;
    return total ? add(sum(field, extent), total) : sum(field, extent);
  }
}

function accumulate(adjoints: Map<Expression, Expression>, node: Expression, contribution: Expression): void {
  const sofar = adjoints.get(node);
  adjoints.set(node, sofar ? joined(sofar, contribution) : contribution);
}

/** The sum of two contributions; those of the two branches of one select are again one select. */
function joined(a: Expression, b: Expression): Expression {
  if (a.kind === 'select' && b.kind === 'select' && a.condition === b.condition) {
    if (isZero(a.whenTrue) && isZero(b.whenFalse)) return select(a.condition, b.whenTrue, a.whenFalse);
    if (isZero(a.whenFalse) && isZero(b.whenTrue)) return select(a.condition, a.whenTrue, b.whenFalse);
  }
  return add(a, b);
}

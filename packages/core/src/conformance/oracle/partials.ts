/** How much a value moves with its element, with each statistic, and with each step on the way, all else held still. */
import { add, constant, select, vanishingProduct } from '../../expression/build.ts';
import type { Expression } from '../../expression/node.ts';
import { type DeviationForm, deviationOf } from './deviation.ts';
import { isExact } from './magnitude.ts';
import { elementwiseOrder } from './schedule.ts';

export interface Partials {
  /** ∂F/∂x, apart from what goes through `deviations`; null where F does not read x. */
  readonly x: Expression | null;
  /** ∂F/∂S of each statistic. */
  readonly statistics: ReadonlyMap<Expression, Expression>;
  /** ∂F/∂t of every number t that is read or computed on the way, F itself included. */
  readonly steps: ReadonlyMap<Expression, Expression>;
  /** ∂F/∂d of each difference d = t - mean(t) of numbers t that are given, whose digits are those of the spread. */
  readonly deviations: ReadonlyMap<Expression, Expression>;
  /** The same for the mean inside of any difference t - mean(t), by that difference. */
  readonly centres: ReadonlyMap<Expression, Expression>;
}

export function partialsOf(root: Expression, form: DeviationForm): Partials {
  const adjoints = new Map<Expression, Expression>([[root, constant(1)]]);
  const statistics = new Map<Expression, Expression>();
  const centres = new Map<Expression, Expression>();
  const deviations = new Map<Expression, Expression>();
  const steps = new Map<Expression, Expression>();
  let x: Expression | null = null;
  const accumulate = (sums: Map<Expression, Expression>, node: Expression, contribution: Expression | null): void => {
    if (!contribution || node.kind === 'constant') return;
    const sofar = sums.get(node);
    sums.set(node, sofar ? add(sofar, contribution) : contribution);
  };

  for (const node of elementwiseOrder([root]).reverse()) {
    const adjoint = adjoints.get(node as Expression);
    if (!adjoint) continue; // predicates, and what no derivative reaches
    if (node.kind === 'unary' || node.kind === 'binary' || node.kind === 'input') steps.set(node, adjoint);
    switch (node.kind) {
      case 'unary': {
        const rule = node.operation.derivative;
        // what is a constant to the gradient still carries its own error
        const slope = node.name === 'detach' ? constant(1) : rule?.(node.operand, node);
        if (slope) accumulate(adjoints, node.operand, vanishingProduct(adjoint, slope));
        break;
      }
      case 'binary': {
        const deviation = deviationOf(node, form);
        const [left, right] = node.operation.adjoints(adjoint, node.left, node.right, node);
        if (deviation && isExact(node.left)) deviations.set(node, adjoint);
        else accumulate(adjoints, node.left, left);
        accumulate(deviation ? centres : adjoints, deviation ? node : node.right, right);
        break;
      }
      case 'select':
        accumulate(adjoints, node.whenTrue, select(node.condition, adjoint, 0));
        accumulate(adjoints, node.whenFalse, select(node.condition, 0, adjoint));
        break;
      case 'statistic':
        statistics.set(node, adjoint);
        break;
      case 'input':
        if (node.name === 'x') x = adjoint;
        break;
    }
  }
  return { x, statistics, steps, deviations, centres };
}

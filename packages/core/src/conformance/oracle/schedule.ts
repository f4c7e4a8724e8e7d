/** The order in which a graph can be evaluated over a tensor: passes that gather statistics, then the elements. */
import { mean } from '../../expression/build.ts';
import { type Expression, type Extent, type Node, operands } from '../../expression/node.ts';

/**
 * A statistic that the language lacks and the tolerance needs, the greatest value of a group. It stands in the graph
 * as a state node, and the evaluator knows what it is made of.
 */
export type Maxima = ReadonlyMap<Expression, Expression>;

export type Gathered =
  | {
      readonly kind: 'sum' | 'mean' | 'variance' | 'maximum';
      readonly node: Expression;
      readonly operand: Node;
      readonly extent: Extent;
    }
  | { readonly kind: 'count'; readonly node: Expression; readonly operand: Node; readonly extent: Extent };

export interface Schedule {
  /** The statistics of each pass; they need nothing but those of earlier passes. */
  readonly passes: readonly (readonly Gathered[])[];
}

export function scheduleOf(roots: Iterable<Node>, maxima: Maxima): Schedule {
  const passes: Gathered[][] = [];
  const stages = new Map<Node, number>();

  /** The number of passes that must be over before the node can be computed. */
  const stageOf = (node: Node): number => {
    const known = stages.get(node);
    if (known !== undefined) return known;
    const gathered = gatheredOf(node, maxima);
    let stage: number;
    if (gathered) {
      stage = stageOf(gathered.operand) + 1;
      if (gathered.kind === 'variance') stage = Math.max(stage, stageOf(meanBeside(node)) + 1);
      const pass = passes[stage - 1];
      if (pass) pass.push(gathered);
      else passes[stage - 1] = [gathered];
    } else {
      stage = Math.max(0, ...operands(node).map(stageOf));
    }
    stages.set(node, stage);
    return stage;
  };
  for (const root of roots) stageOf(root);
  return { passes };
}

/** The mean that a variance is centred on. */
export function meanBeside(node: Node): Expression {
  if (node.kind !== 'statistic') throw new TypeError(`${node.kind} has no mean`);
  return mean(node.operand, node.extent);
}

export function gatheredOf(node: Node, maxima: Maxima): Gathered | null {
  if (node.kind === 'statistic') return { kind: node.name, node, operand: node.operand, extent: node.extent };
  if (node.kind === 'count') return { kind: 'count', node, operand: node.where, extent: node.extent };
  if (node.kind !== 'state') return null;
  const operand = maxima.get(node);
  return operand ? { kind: 'maximum', node, operand, extent: node.extent } : null;
}

/** The nodes that the roots are computed from element by element, each after its operands; statistics are leaves. */
export function elementwiseOrder(roots: Iterable<Node>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind !== 'statistic' && node.kind !== 'count') for (const operand of operands(node)) visit(operand);
    order.push(node);
  };
  for (const root of roots) visit(root);
  return order;
}

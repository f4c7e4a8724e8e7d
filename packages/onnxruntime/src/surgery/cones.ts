/**
 * Small groups of nodes that compute one value from one other, element by element: what an activation looks like in a
 * model, whatever it is spelled as.
 */
import type { ModelNode } from './model.ts';
import { evaluatorOf, isStraight } from './operator-values.ts';
import type { ScopeIndex } from './scope-index.ts';

export interface Cone {
  /** The one value that the nodes read, apart from constants. */
  readonly input: string;
  readonly output: string;
  /** In the order of the model, the last one making the output. */
  readonly nodes: readonly ModelNode[];
  /** The function at each of some points. */
  evaluate(points: readonly number[]): number[];
}

/** No spelling of an activation that exporters use is longer. */
const mostNodes = 16;

/** The cones that end in a node, smallest first. */
export function* conesOf(last: ModelNode, index: ScopeIndex): Generator<Cone> {
  const output = last.outputs[0];
  if (!output || !evaluatorOf(last) || last.operator === 'Identity') return;
  const nodes = new Map<string, ModelNode>();
  let frontier = new Set([output]);
  let earliest = last.index + 1;
  while (nodes.size < mostNodes) {
    const next = latest(frontier, index);
    // a value that a later node makes is read before it is there: no valid model, and maybe a cycle
    if (!next || next.node.index >= earliest || !isInner(next.name, next.node)) return;
    earliest = next.node.index;
    nodes.set(next.name, next.node);
    frontier = new Set([...frontier].filter((name) => name !== next.name));
    for (const name of next.node.inputs) {
      if (name && index.constant(name) === undefined) frontier.add(name);
    }
    if (frontier.size === 0) return;
    const [input] = frontier;
    const all = [...nodes.values()].sort((a, b) => a.index - b.index);
    if (frontier.size === 1 && !all.every(isStraight)) {
      yield {
        input: input as string,
        output,
        nodes: all,
        evaluate: (points) => evaluate(input as string, all, points),
      };
    }
  }

  /** All readers of an inner value are nodes that were taken before it, for the latest is taken first. */
  function isInner(name: string, node: ModelNode): boolean {
    if (!evaluatorOf(node)) return false;
    if (name === output) return true;
    let reads = 0;
    for (const taken of nodes.values()) reads += taken.inputs.filter((input) => input === name).length;
    return reads === index.uses(name);
  }

  function evaluate(input: string, all: readonly ModelNode[], points: readonly number[]): number[] {
    const steps = all.map((node) => ({ node, compute: evaluatorOf(node), output: node.outputs[0] as string }));
    return points.map((point) => {
      const values = new Map([[input, point]]);
      for (const { node, compute, output } of steps) {
        const operands = node.inputs.map((name) => (name ? (values.get(name) ?? index.constant(name)) : undefined));
        values.set(output, compute?.(operands as number[], node) as number);
      }
      return values.get(output ?? '') as number;
    });
  }
}

/** The value that the latest node makes. A value that only a later or no node makes is where the search ends. */
function latest(
  frontier: ReadonlySet<string>,
  index: ScopeIndex,
): { readonly name: string; readonly node: ModelNode } | undefined {
  let found: { name: string; node: ModelNode } | undefined;
  for (const name of frontier) {
    const node = index.producer(name);
    if (node && (!found || node.index > found.node.index)) found = { name, node };
  }
  return found;
}

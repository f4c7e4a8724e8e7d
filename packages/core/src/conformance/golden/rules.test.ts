/**
 * Oracle and adapters share one table of differentiation rules, so a wrong rule would pass every comparison between
 * them. The golden values know nothing of the table: each rule, made wrong, must be caught by them alone.
 */
import { describe, expect, test } from 'vitest';
import { constant, div, input, maximum, mul, parameter } from '../../expression/build.ts';
import { binaryConstructors, statisticConstructors, unaryConstructors } from '../../expression/by-name.ts';
import {
  type BinaryOperation,
  type Expression,
  isNode,
  type Node,
  operands,
  type StatisticOperation,
  type UnaryOperation,
} from '../../expression/node.ts';
import { differentiate } from '../../graph/differentiate.ts';
import type { ForwardGraph, Parts } from '../../graph/graph.ts';
import { createReferenceBackend } from '../../index.ts';
import { invoke } from '../probe.ts';
import { goldenCall, goldenDistances } from './compare.ts';
import { goldenFiles } from './index.ts';

/** The least that a rule can be wrong by: a millionth. */
const bent = (value: Expression): Expression => mul(value, 1 + 1e-6);

interface WrongRule {
  readonly name: string;
  /** The node with the wrong rule in it, or the node itself. */
  readonly bend: (node: Node) => Node;
}

/** The same graph with wrong rules in it, by nodes that are not interned: the right graph stays what it is. */
function withRule(forward: ForwardGraph, bend: WrongRule['bend']): ForwardGraph {
  const done = new Map<Node, Node>();
  const rebuilt = (node: Node): Node => {
    const known = done.get(node);
    if (known) return known;
    const fields = Object.entries(node).map(([field, value]) => [field, isNode(value) ? rebuilt(value) : value]);
    const same = operands(node).every((operand) => rebuilt(operand) === operand);
    const result = bend(same ? node : Object.freeze(Object.fromEntries(fields)));
    done.set(node, result);
    return result;
  };
  const { y, penalty, ...rest } = forward;
  return {
    ...rest,
    y: y.map(rebuilt) as readonly Node[] as Parts,
    ...(penalty && { penalty: rebuilt(penalty) as Expression }),
  };
}

const same = (some: Parts, others: Parts): boolean => some.every((part, k) => part === others[k]);

const wrongUnary = Object.values(unaryConstructors).flatMap(({ operation }): WrongRule[] => {
  const { name, derivative } = operation;
  if (!derivative) return [];
  const wrong: UnaryOperation = { ...operation, derivative: (t, value) => bent(derivative(t, value)) };
  return [
    { name, bend: (node) => (node.kind === 'unary' && node.name === name ? { ...node, operation: wrong } : node) },
  ];
});

/** A rule that gives nothing for an operand, such as an exponent, has nothing to be wrong about. */
function sidesOf({ adjoints }: BinaryOperation): number[] {
  const [a, b, u] = [input('x'), parameter('p'), input('upstream')];
  return adjoints(u, a, b, mul(a, b)).flatMap((part, side) => (part === null ? [] : [side]));
}

const wrongBinary = Object.values(binaryConstructors).flatMap(({ operation }): WrongRule[] =>
  sidesOf(operation).map((side) => {
    const { name, adjoints } = operation;
    const wrong: BinaryOperation = {
      ...operation,
      adjoints: (...given) => {
        const [left, right] = adjoints(...given);
        return side ? [left, right && bent(right)] : [left && bent(left), right];
      },
    };
    return {
      name: `${name}, ${side ? 'right' : 'left'}`,
      bend: (node) => (node.kind === 'binary' && node.name === name ? { ...node, operation: wrong } : node),
    };
  }),
);

const wrongStatistic = Object.values(statisticConstructors).map(({ operation }): WrongRule => {
  const { name, share } = operation;
  const wrong: StatisticOperation = { ...operation, share: (...given) => bent(share(...given)) };
  return {
    name: `statistic ${name}`,
    bend: (node) => (node.kind === 'statistic' && node.name === name ? { ...node, operation: wrong } : node),
  };
});

/** The value as it is, its derivative wrong. */
const slightly: UnaryOperation = { name: 'detach', evaluate: (t) => t, derivative: () => constant(1 + 1e-6) };

const wrongSelect = (['whenTrue', 'whenFalse'] as const).map(
  (branch): WrongRule => ({
    name: `select, ${branch}`,
    bend: (node) =>
      node.kind === 'select'
        ? { ...node, [branch]: { kind: 'unary', id: -1, name: 'detach', operation: slightly, operand: node[branch] } }
        : node,
  }),
);

const { adjoints: maximumRule } = maximum.operation;
/** Rules that are right almost everywhere. */
const wrongAtAPoint: readonly WrongRule[] = [
  {
    name: 'maximum gives a tie to its left operand',
    bend: (node) =>
      node.kind === 'binary' && node.name === 'maximum'
        ? {
            ...node,
            operation: {
              ...node.operation,
              adjoints: (u, a, b, value) => {
                const [right, left] = maximumRule(u, b, a, value);
                return [left, right];
              },
            },
          }
        : node,
  },
  {
    name: 'sqrt has an infinite derivative at 0',
    bend: (node) =>
      node.kind === 'unary' && node.name === 'sqrt'
        ? { ...node, operation: { ...node.operation, derivative: (_, root) => div(0.5, root) } }
        : node,
  },
];

describe('golden values alone catch a wrong rule', () => {
  const reference = createReferenceBackend();
  for (const { name, bend } of [...wrongUnary, ...wrongBinary, ...wrongStatistic, ...wrongSelect, ...wrongAtAPoint]) {
    test(name, async () => {
      let concerned = 0;
      for (const { activation, cases } of goldenFiles) {
        for (const golden of cases) {
          const call = goldenCall(activation, golden);
          const { forward, trainable } = call.activation;
          const bentForward = withRule(forward, bend);
          if (same(bentForward.y, forward.y) && bentForward.penalty === forward.penalty) continue;
          concerned++;
          const wrong = { ...call.activation, vjp: differentiate(bentForward, trainable) };
          const compiled = await reference.compile(wrong, call.spec);
          const results = await invoke(compiled, 'vjp', call);
          if (goldenDistances(golden, call, 'vjp', results).some(({ share }) => share > 1)) return;
        }
      }
      expect.fail(`the wrong rule lives through ${concerned} golden cases`);
    });
  }
});

/**
 * Oracle and adapters share one table of differentiation rules, so a wrong rule would pass every comparison between
 * them. The golden values know nothing of the table: each rule, made wrong, must be caught by them alone.
 */
import { describe, expect, test } from 'vitest';
import { mul, select } from '../../expression/build.ts';
import { type Expression, type Node, topologicalOrder } from '../../expression/node.ts';
import {
  binaryRules,
  type DifferentiationRules,
  differentiate,
  differentiationRules,
  statisticRules,
  unaryRules,
} from '../../graph/differentiate.ts';
import { createReferenceBackend } from '../../index.ts';
import { invoke } from '../probe.ts';
import { goldenCall, goldenDistances } from './compare.ts';
import { goldenFiles } from './index.ts';

/** The least that a rule can be wrong by: a millionth. */
const bent = <T extends Expression | null>(value: T): Expression | null => value && mul(value, 1 + 1e-6);

interface WrongRule {
  readonly name: string;
  readonly uses: (node: Node) => boolean;
  readonly rules: DifferentiationRules;
}

const wrongUnary = Object.entries(unaryRules).flatMap(([name, rule]): WrongRule[] =>
  rule === null
    ? []
    : [
        {
          name,
          uses: (node) => node.kind === 'unary' && node.name === name,
          rules: {
            ...differentiationRules,
            unary: { ...unaryRules, [name]: (t: Expression, value: Expression) => bent(rule(t, value)) },
          },
        },
      ],
);

const wrongBinary = Object.entries(binaryRules).flatMap(([name, rule]): WrongRule[] =>
  [0, 1].map((side) => ({
    name: `${name}, ${side ? 'right' : 'left'}`,
    uses: (node) => node.kind === 'binary' && node.name === name,
    rules: {
      ...differentiationRules,
      binary: {
        ...binaryRules,
        [name]: (...given: Parameters<typeof rule>) =>
          rule(...given).map((part, which) => (which === side ? bent(part) : part)),
      },
    },
  })),
);

const wrongStatistic = Object.entries(statisticRules).map(
  ([name, rule]): WrongRule => ({
    name: `statistic ${name}`,
    uses: (node) => node.kind === 'statistic' && node.name === name,
    rules: {
      ...differentiationRules,
      statistic: { ...statisticRules, [name]: (...given: Parameters<typeof rule>) => bent(rule(...given)) },
    },
  }),
);

const wrongSelect = [0, 1].map(
  (side): WrongRule => ({
    name: `select, ${side ? 'otherwise' : 'chosen'}`,
    uses: (node) => node.kind === 'select',
    rules: {
      ...differentiationRules,
      select: (u, condition) =>
        side
          ? [select(condition, u, 0), select(condition, 0, mul(u, 1 + 1e-6))]
          : [select(condition, mul(u, 1 + 1e-6), 0), select(condition, 0, u)],
    },
  }),
);

/** Rules that are right almost everywhere. */
const wrongAtAPoint: readonly WrongRule[] = [
  {
    name: 'maximum gives a tie to its left operand',
    uses: (node) => node.kind === 'binary' && node.name === 'maximum',
    rules: {
      ...differentiationRules,
      binary: {
        ...binaryRules,
        maximum: (u, a, b, value) => [...binaryRules.maximum(u, b, a, value)].reverse() as [Expression, Expression],
      },
    },
  },
  {
    name: 'sqrt has an infinite derivative at 0',
    uses: (node) => node.kind === 'unary' && node.name === 'sqrt',
    rules: { ...differentiationRules, unary: { ...unaryRules, sqrt: (_, root) => mul(0.5, reciprocal(root)) } },
  },
];

function reciprocal(value: Expression): Expression {
  const [slope] = binaryRules.divide(mul(1, 1), value, value, value);
  return slope as Expression;
}

/** What the catalogue's forward graphs never use; `finite-differences.test.ts` checks these. */
const unused = new Set([
  'negate',
  'exp',
  'log',
  'log1p',
  'erf',
  'minimum, left',
  'minimum, right',
  'scaleByPowerOfTwo, left',
  'scaleByPowerOfTwo, right',
  'statistic sum',
]);

describe('golden values alone catch a wrong rule', () => {
  const reference = createReferenceBackend();
  for (const { name, uses, rules } of [
    ...wrongUnary,
    ...wrongBinary,
    ...wrongStatistic,
    ...wrongSelect,
    ...wrongAtAPoint,
  ]) {
    test(name, async () => {
      let concerned = 0;
      for (const { activation, cases } of goldenFiles) {
        for (const golden of cases) {
          const call = goldenCall(activation, golden);
          if (!call) continue;
          const { forward, trainable } = call.activation;
          if (!topologicalOrder(forward.penalty ? [forward.y, forward.penalty] : [forward.y]).some(uses)) continue;
          concerned++;
          const wrong = { ...call.activation, vjp: differentiate(forward, trainable, rules) };
          const compiled = await reference.compile(wrong, call.spec);
          const results = await invoke(compiled, 'vjp', call);
          if (goldenDistances(golden, call, 'vjp', results).some(({ share }) => share > 1)) return;
        }
      }
      expect(concerned, 'golden cases that the wrong rule lives through').toBe(0);
      expect(unused).toContain(name);
    });
  }
});

import { describe, expect, test } from 'vitest';
import { float64Functions } from '../expression/by-name.ts';
import type { Expression, FunctionName, Predicate } from '../expression/node.ts';
import { sweep, ulpsBetween, worstOver } from './ulp.ts';
import { float64Library } from './wide.ts';

/** The body at t in float64, rounded to float32 at the end. */
const computed = (body: Expression) => (t: number) => Math.fround(number(body, t));

function number(node: Expression, t: number): number {
  switch (node.kind) {
    case 'argument':
      return t;
    case 'constant':
      return node.value;
    case 'unary':
      return node.operation.evaluate(number(node.operand, t));
    case 'binary':
      return node.operation.evaluate(number(node.left, t), number(node.right, t));
    case 'select':
      return number(holds(node.condition, t) ? node.whenTrue : node.whenFalse, t);
    default:
      throw new TypeError(`no body has a ${node.kind}`);
  }
}

function holds(node: Predicate, t: number): boolean {
  if (node.kind !== 'comparison') throw new TypeError(`no body has a ${node.kind}`);
  return node.operation.evaluate(number(node.left, t), number(node.right, t));
}

describe.each(Object.entries(float64Library) as [FunctionName, Expression][])('%s', (name, body) => {
  const compute = computed(body);
  const truth = (t: number): number => float64Functions[name](t);

  test('is the truth, rounded, or beside it', () => {
    expect(worstOver(compute, truth, sweep(100_000)).ulps).toBeLessThanOrEqual(0.75);
  });

  test.each([NaN, Infinity, -Infinity, 0, 2 ** -149, -(2 ** -149), 3.4028234663852886e38, -3.4028234663852886e38])(
    'is the limit at %f',
    (t) => {
      expect(ulpsBetween(compute(t), truth(t))).toBeLessThanOrEqual(0.75);
    },
  );
});

/**
 * Bounds on values, as far as an expression and what is known of its parameters tell. They choose between forms of a
 * function, and tell in how few steps a power of two can be made.
 */
import { type Expression, type Node, type Predicate, topologicalOrder } from '@isoact/core';

/** Bounds on a value where it is not NaN. */
export type Interval = readonly [low: number, high: number];
const anything: Interval = [-Infinity, Infinity];

/** What holds of nodes wherever something is computed: parameters' ranges, or the condition of a branch. */
export type Facts = ReadonlyMap<Node, Interval>;
const noFacts: Facts = new Map();

export function boundsOf(node: Expression, facts: Facts = noFacts): Interval {
  const known = new Map<Node, Interval>();
  const of = (each: Node): Interval => known.get(each) as Interval; // operands come first
  for (const each of topologicalOrder([node])) known.set(each, facts.get(each) ?? compute(each));
  return of(node);

  function compute(each: Node): Interval {
    switch (each.kind) {
      case 'constant':
        return [each.value, each.value];
      case 'unary': {
        const [low, high] = of(each.operand);
        if (each.name === 'absolute') return [Math.max(0, low, -high), Math.max(-low, high)];
        // all others are monotone, which tells how large they become, and how near 0: what float32 has no number for is 0
        const [a, b] = [Math.fround(each.operation.evaluate(low)), Math.fround(each.operation.evaluate(high))];
        return orAnything(a < b ? [a, b] : [b, a]);
      }
      case 'binary':
        return ofBinary(each, of(each.left), of(each.right));
      case 'select': {
        const [a, b] = [of(each.whenTrue), of(each.whenFalse)];
        return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
      }
      default:
        return anything;
    }
  }
}

function ofBinary({ name, operation }: Extract<Expression, { kind: 'binary' }>, a: Interval, b: Interval): Interval {
  switch (name) {
    case 'minimum':
    case 'maximum':
    case 'add':
      return orAnything([operation.evaluate(a[0], b[0]), operation.evaluate(a[1], b[1])]);
    case 'subtract':
      return orAnything([a[0] - b[1], a[1] - b[0]]);
    case 'multiply':
    case 'vanishingProduct':
      return ofProduct(a, b);
    case 'divide':
      return b[0] < 0 ? anything : ofProduct(a, [1 / b[1], 1 / Math.abs(b[0])]);
    default:
      return anything;
  }
}

/** What is as good as 0 times infinity is 0: bounds are limits of finite values. */
function ofProduct(a: Interval, b: Interval): Interval {
  const corners = a.flatMap((left) => b.map((right) => left * right || 0));
  return [Math.min(...corners), Math.max(...corners)];
}

const orAnything = (interval: Interval): Interval => (interval.some(Number.isNaN) ? anything : interval);

/** The facts in one branch of a select, if its condition compares a value with a constant. */
export function factsWhere(condition: Predicate, outcome: boolean, facts: Facts): Facts {
  if (condition.kind !== 'comparison' || condition.name === 'equal') return facts;
  const { left, right } = condition;
  // left < right, or not: left ≥ right
  const [lesser, greater] = outcome ? [left, right] : [right, left];
  const narrowed = (node: Expression, low: number, high: number): Facts => {
    const [a, b] = facts.get(node) ?? anything;
    return new Map([...facts, [node, [Math.max(a, low), Math.min(b, high)]]]);
  };
  if (greater.kind === 'constant') return narrowed(lesser, -Infinity, greater.value);
  return lesser.kind === 'constant' ? narrowed(greater, lesser.value, Infinity) : facts;
}

/** Whether a condition holds wherever facts do, or fails; null where that depends on more. */
export function outcomeOf(condition: Predicate, facts: Facts): boolean | null {
  if (condition.kind !== 'comparison' || condition.name !== 'less') return null;
  const [left, right] = [boundsOf(condition.left, facts), boundsOf(condition.right, facts)];
  return left[1] < right[0] ? true : left[0] >= right[1] ? false : null;
}

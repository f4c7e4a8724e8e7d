/** The arguments at which functions in a product leave the normal numbers. */
import type { Expression, Predicate } from '@isoact/core';
import { either, less } from '@isoact/core/expression';
import type { Interval } from './range.ts';
import { softplusForm } from './softplus-forms.ts';

export interface Tail {
  readonly isBeyond: Predicate;
  /** What holds where that does not. */
  readonly inside: readonly (readonly [Expression, Interval])[];
}

const infinity = Number.POSITIVE_INFINITY;

/** The ranges of the library in which each function, and the power of two in it, is normal. */
const normalRanges: Readonly<Partial<Record<string, Interval>>> = {
  exp: [-87, 88],
  sigmoid: [-87, infinity],
  erfc: [-infinity, 9],
};

/** The tails of the functions that are factors of a product. */
export function tailsOf(node: Expression): Tail[] {
  if (node.kind === 'binary') {
    if (node.name === 'divide') return tailsOf(node.left);
    return node.name === 'multiply' || node.name === 'vanishingProduct'
      ? [...tailsOf(node.left), ...tailsOf(node.right)]
      : [];
  }
  if (node.kind !== 'unary') return [];
  if (node.name === 'negate') return tailsOf(node.operand);
  const form = softplusForm(node);
  // its exponential is bounded from above
  if (form) return [tail(form.t, [-87, infinity])];
  const range = normalRanges[node.name];
  return range ? [tail(node.operand, range)] : [];
}

function tail(argument: Expression, [low, high]: Interval): Tail {
  const below = less(argument, low);
  const above = less(high, argument);
  const isBeyond = high === infinity ? below : low === -infinity ? above : either(below, above);
  return { isBeyond, inside: [[argument, [low, high]]] };
}

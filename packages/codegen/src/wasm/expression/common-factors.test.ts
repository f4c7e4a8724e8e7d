import type { Expression } from '@isoact/core';
import { add, input, mul, neg, parameter, sub } from '@isoact/core/expression';
import { expect, test } from 'vitest';
import { withFewerProducts } from './common-factors.ts';
import { factorsOf } from './products.ts';

const [x, u] = [input('x'), input('upstream')];
const s = sub(1, x);
const [a, b] = [parameter('a'), parameter('b')];
const rewritten = (node: Expression) =>
  withFewerProducts(node, (term) =>
    factorsOf(
      term,
      (each) => each.kind === 'parameter',
      (each) => each,
    ),
  );

test.each([
  ['what two terms have in common', add(mul(u, s), mul(mul(x, u), s)), mul(mul(s, add(1, x)), u)],
  ['multiples of one value', add(mul(a, x), mul(x, b)), mul(add(a, b), x)],
  ['a term twice', add(mul(x, u), mul(x, u)), mul(mul(2, x), u)],
  ['a negative', add(mul(u, x), neg(mul(u, s))), mul(add(x, neg(s)), u)],
  ['terms that have nothing in common', add(mul(a, x), mul(a, u)), null],
  ['numbers that are one for all elements, first', mul(mul(mul(a, x), u), b), mul(mul(a, b), mul(x, u))],
  ['a product that is as it should be', mul(mul(a, b), mul(x, u)), null],
])('%s', (_, given, expected) => {
  expect(rewritten(given)).toBe(expected);
});

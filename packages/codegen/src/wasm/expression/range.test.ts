import type { UnaryName } from '@isoact/core';
import { input, unary } from '@isoact/core/expression';
import { float64Functions } from '@isoact/core/plan';
import { expect, test } from 'vitest';
import { boundsOf } from './range.ts';

const ascending = [
  -Infinity,
  -200,
  -87.5,
  -3,
  -1.5,
  -1,
  -0.25,
  -(2 ** -30),
  0,
  2 ** -30,
  0.5,
  1,
  2.5,
  30,
  120,
  Infinity,
];
const x = input('x');

test.each(Object.keys(float64Functions) as UnaryName[])('bounds of %s hold for every value in an interval', (name) => {
  const node = unary(name, x);
  const beyond = ascending.flatMap((low, start) =>
    ascending.slice(start).flatMap((high, length) => {
      const bounds = boundsOf(node, new Map([[x, [low, high]]]));
      const values = ascending
        .slice(start, start + length + 1)
        .map((value) => Math.fround(float64Functions[name](value)));
      return values
        .filter((value) => value < bounds[0] || value > bounds[1])
        .map((value) => ({ low, high, bounds, value }));
    }),
  );
  expect(beyond).toEqual([]);
});

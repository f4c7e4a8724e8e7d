import { describe, expect, test } from 'vitest';
import { argument, mul, scaleByPowerOfTwo, vanishingProduct } from '../expression/build.ts';
import { float64Functions } from '../expression/by-name.ts';
import type { Expression } from '../expression/node.ts';
import { emulate } from './emulator.ts';
import { splitLibrary } from './splits.ts';
import { sweep, ulpsBetween, worstOver } from './ulp.ts';

/** factor·f(t), the factor being of t so that an expression of one argument will do. */
const product = (name: keyof typeof splitLibrary, factor: Expression): ((t: number) => number) => {
  const { significand, exponent } = splitLibrary[name];
  return emulate(scaleByPowerOfTwo(vanishingProduct(factor, significand), exponent));
};

describe.each(Object.keys(splitLibrary) as (keyof typeof splitLibrary)[])('t·%s(t)', (name) => {
  const compute = product(name, argument());
  const truth = (t: number): number => t * float64Functions[name](t);

  test('is within 3 ulp of the truth, subnormal results included', () => {
    const tail = name === 'erfc' ? { from: 8, to: 11 } : { from: -80, to: -110 };
    const inTail = Array.from({ length: 40_000 }, (_, step) => tail.from + ((tail.to - tail.from) * step) / 40_000);
    const points = [...sweep(100_000), ...inTail.map(Math.fround)].filter(Number.isFinite);
    expect(worstOver(compute, truth, points).ulps).toBeLessThanOrEqual(3);
  });

  test('vanishes where the function does, whatever the factor', () => {
    const end = name === 'erfc' ? 1 : -1;
    expect(compute(end * Number.POSITIVE_INFINITY)).toBe(end * 0);
    expect(compute(end * 3e38)).toBe(end * 0);
  });

  test('is NaN for NaN', () => expect(compute(Number.NaN)).toBeNaN());
});

test('a tail outlives the underflow of its function', () => {
  const t = -106;
  expect(Math.fround(float64Functions.sigmoid(t))).toBe(0);
  const compute = product('sigmoid', mul(1000, argument()));
  expect(ulpsBetween(compute(t), 1000 * t * float64Functions.sigmoid(t))).toBeLessThanOrEqual(3);
});

import { expect, test } from 'vitest';
import { mannWhitney } from './mann-whitney.ts';
import { seededRandom } from './random.ts';

test('agrees with published values', () => {
  // scipy.stats.mannwhitneyu(x, y, method='exact') of the example in its documentation.
  expect(mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])).toBeCloseTo(0.1111111111111111, 12);
  // The smallest probability of five against five: 2 / C(10, 5).
  expect(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(2 / 252, 12);
});

test('ties take the normal approximation', () => {
  // scipy.stats.mannwhitneyu([1, 2, 2, 3, 4, 5], [2, 3, 5, 6, 7, 8], method='asymptotic')
  expect(mannWhitney([1, 2, 2, 3, 4, 5], [2, 3, 5, 6, 7, 8])).toBeCloseTo(0.08926934941069031, 6);
  expect(mannWhitney([1, 1, 1], [1, 1, 1])).toBe(1);
});

test('calls a difference where there is none in about one of a hundred', () => {
  const random = seededRandom(0.25);
  const draw = (count: number) => Array.from({ length: count }, random);
  let called = 0;
  for (let repeat = 0; repeat < 2000; repeat++) if (mannWhitney(draw(40), draw(40)) < 0.01) called++;
  expect(called / 2000).toBeGreaterThan(0.004);
  expect(called / 2000).toBeLessThan(0.018);
});

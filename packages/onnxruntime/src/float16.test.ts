import { expect, test } from 'vitest';
import { fromFloat16, toFloat16 } from './float16.ts';

test('every float16 comes back from its number', () => {
  for (let bits = 0; bits < 2 ** 16; bits++) {
    const value = fromFloat16(bits);
    if (!Number.isNaN(value)) expect(toFloat16(value)).toBe(bits);
  }
});

test('rounds to the nearest, ties to even', () => {
  expect(fromFloat16(toFloat16(2049))).toBe(2048);
  expect(fromFloat16(toFloat16(2051))).toBe(2052);
  expect(fromFloat16(toFloat16(2049.001))).toBe(2050);
  expect(fromFloat16(toFloat16(2 ** -25))).toBe(0);
  expect(fromFloat16(toFloat16(1.5 * 2 ** -25))).toBe(2 ** -24);
  expect(fromFloat16(toFloat16(65519.9))).toBe(65504);
  expect(fromFloat16(toFloat16(65520))).toBe(Number.POSITIVE_INFINITY);
  expect(fromFloat16(toFloat16(Number.NaN))).toBeNaN();
});

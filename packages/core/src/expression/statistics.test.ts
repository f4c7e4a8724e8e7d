import { describe, expect, test } from 'vitest';
import { compensatedSum, mean, variance } from './statistics.ts';

describe('2^26 elements of 10⁴ ± 10⁻²', { timeout: 60_000 }, () => {
  const length = 2 ** 26;
  const [low, high] = [Math.fround(1e4 - 1e-2), Math.fround(1e4 + 1e-2)];
  const half = (high - low) / 2;
  const at = (k: number): number => (k % 2 ? high : low);

  test('mean and variance, to the last digits of float64', () => {
    expect(mean.operation.evaluate(length, at)).toBe(low + half);
    expect(Math.abs(variance.operation.evaluate(length, at) / half ** 2 - 1)).toBeLessThan(2 ** -50);
  });

  test('a sum, beyond where float32 would stall', () => {
    expect(compensatedSum(length, () => 1)).toBe(length);
    expect(compensatedSum(length, at)).toBe(length * (low + half));
  });
});

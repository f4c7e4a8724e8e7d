import { describe, expect, test } from 'vitest';
import { mutants, runConformance } from './index.ts';

describe('every mutant is caught', () => {
  for (const { name, activation, killedBy, full = false, create } of mutants) {
    test(`${name}, by ${killedBy}`, async () => {
      const report = await runConformance(create(), {
        activations: [activation],
        groups: [killedBy],
        dtypes: ['float32'],
        quick: !full,
      });
      expect(report.totals.failed).toBeGreaterThan(0);
    });
  }

  test('their names differ', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});

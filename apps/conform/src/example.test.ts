import { runConformance } from '@isoact/core/conformance';
import { expect, test } from 'vitest';
import { expectedFailures, foreignBackend } from '../examples/foreign-backend.ts';

const activations = ['relu', 'sigmoid', 'gelu'] as const;

test('the worked example passes with its known failures', async () => {
  const report = await runConformance(foreignBackend, { activations, expected: expectedFailures, quick: true });
  expect(report.verdicts).toEqual([]);
  expect(report.totals.expectedFailures).toBeGreaterThan(0);
  expect(report.results.map(({ activation, grade }) => [activation, grade])).toEqual([
    ['relu', 'exact'],
    ['sigmoid', 'D'],
    ['gelu', null],
  ]);
});

test('and fails without them', async () => {
  const report = await runConformance(foreignBackend, { activations, quick: true });
  expect(report.passed).toBe(false);
});

import { readFileSync } from 'node:fs';
import { createBackend } from '@isoact/wasm';
import { expect, test } from 'vitest';
import { costsPage, costText, measureCosts } from './costs.ts';
import { docsFolder } from './folder.ts';

test('the page of costs says what is measured (else: pnpm --filter @isoact/docs write)', {
  timeout: 300_000,
}, async () => {
  const costs = await measureCosts(createBackend({ relaxed: false }), () => {});
  expect(readFileSync(new URL('costs.md', docsFolder), 'utf8')).toBe(costsPage(costs));
  for (const line of costText(costs).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  for (const { activation, grade } of costs) expect(['exact', 'A', 'B'], activation).toContain(grade);
});

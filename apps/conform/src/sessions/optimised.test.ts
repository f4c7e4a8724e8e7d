/** Runs leave WebAssembly to V8's baseline compiler (`baselineOnly`); this is what its optimising one makes of our kernels. */
import { fileURLToPath } from 'node:url';
import { catalogue } from '@isoact/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChild } from './child.ts';
import type { RunOptions, Session } from './session.ts';

const quick: RunOptions = {
  groups: undefined,
  owed: undefined,
  quick: true,
  huge: false,
  seed: undefined,
  timeLimit: undefined,
};
/** Lengths beyond a workgroup's and a page's, too. */
const long: RunOptions = { ...quick, quick: false, groups: ['layout', 'sweep'] };

let session: Session;
beforeAll(() => {
  session = openChild(fileURLToPath(new URL('./worker.ts', import.meta.url)), ['--no-liftoff']);
});
afterAll(() => session.close());

test.each([
  ['all', quick, Object.keys(catalogue), 300_000],
  ['some, at length,', long, ['gelu', 'crelu', 'velu'], 50_000],
] as const)('%s are right when they are optimised', { timeout: 120_000 }, async (_, options, activations, least) => {
  let values = 0;
  for (const activation of activations) {
    const report = await session.run({ group: 'wasm', subject: 'wasm', activation, options, claims: false }, () => {});
    expect(report.failures).toEqual([]);
    expect(report.verdicts).toEqual([]);
    values += report.totals.values;
  }
  expect(values).toBeGreaterThan(least);
});

/** Runs leave WebAssembly to V8's baseline compiler (`baselineOnly`); this is what its optimising one makes of our kernels. */
import { fileURLToPath } from 'node:url';
import { catalogue } from '@isoact/core';
import { afterAll, expect, test } from 'vitest';
import { openChild } from './child.ts';
import type { RunOptions } from './session.ts';

const options: RunOptions = {
  groups: undefined,
  owed: undefined,
  quick: true,
  huge: false,
  seed: undefined,
  timeLimit: undefined,
};
const session = openChild(fileURLToPath(new URL('./worker.ts', import.meta.url)), ['--no-liftoff']);
afterAll(() => session.close());

test('kernels of WebAssembly are right when they are optimised', { timeout: 120_000 }, async () => {
  let values = 0;
  for (const activation of Object.keys(catalogue)) {
    const report = await session.run({ group: 'wasm', subject: 'wasm', activation, options, claims: false }, () => {});
    expect(report.failures).toEqual([]);
    expect(report.verdicts).toEqual([]);
    values += report.totals.values;
  }
  expect(values).toBeGreaterThan(300_000);
});

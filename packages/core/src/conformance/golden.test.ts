import { describe, expect, test } from 'vitest';
import { createReferenceBackend } from '../index.ts';
import { type GoldenCall, goldenCall, goldenDistances } from './golden/compare.ts';
import { type GoldenCase, goldenFiles } from './golden/index.ts';
import type { Direction } from './oracle/oracle.ts';
import { invoke } from './probe.ts';

const reference = createReferenceBackend();

async function farthest(golden: GoldenCase, call: GoldenCall, direction: Direction) {
  const compiled = await reference.compile(call.activation, call.spec);
  const results = await invoke(compiled, direction, call);
  const distances = goldenDistances(golden, call, direction, results);
  expect(distances.length).toBeGreaterThanOrEqual(golden.x.length);
  return distances.reduce((worst, distance) => (distance.share > worst.share ? distance : worst));
}

describe('the reference agrees with golden values of 50 digits', () => {
  for (const { activation, cases } of goldenFiles) {
    for (const golden of cases) {
      const call = goldenCall(activation, golden);
      test.each(['forward', 'vjp'] as const)(`${golden.id} %s`, async (direction) => {
        const worst = await farthest(golden, call, direction);
        expect(worst, JSON.stringify(worst)).toHaveProperty(
          'share',
          expect.toSatisfy((share: number) => share <= 1),
        );
      });
    }
  }
});

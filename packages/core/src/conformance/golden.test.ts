import { describe, expect, test } from 'vitest';
import { catalogue, createReferenceBackend } from '../index.ts';
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

/** Every output that has golden values, with the number of them. */
function covered(): Record<string, Record<string, number>> {
  return Object.fromEntries(
    goldenFiles.map(({ activation, cases }) => {
      const counts: Record<string, number> = {};
      const count = (name: string, values: readonly unknown[]): void => {
        counts[name] = (counts[name] ?? 0) + values.length;
      };
      for (const { y, penalty, vjp } of cases) {
        count('y', y);
        count('gradient of x', vjp.x);
        for (const [name, values] of Object.entries(vjp.parameters)) count(`gradient of ${name}`, values);
        if (penalty !== undefined) count('penalty', [penalty]);
      }
      return [activation, counts];
    }),
  );
}

test('golden values cover each activation, each gradient of a trainable parameter, and the penalty', () => {
  const counts = covered();
  for (const [name, define] of Object.entries(catalogue)) {
    const outputs = ['y', 'gradient of x', ...define().trainable.map((parameter) => `gradient of ${parameter}`)];
    for (const output of outputs) expect(counts[name]?.[output], `${name}: ${output}`).toBeGreaterThan(10);
  }
  expect(counts.velu?.penalty).toBeGreaterThan(10);
});

test.each(['forward', 'vjp'] as const)('a reference that is off by 1e-11 in its %s fails', async (direction) => {
  const { activation, cases } = goldenFiles.find((file) => file.activation === 'velu') as (typeof goldenFiles)[number];
  const golden = cases.find(({ penalty }) => penalty !== undefined) as GoldenCase;
  const call = goldenCall(activation, golden);
  const results = await invoke(await reference.compile(call.activation, call.spec), direction, call);
  for (const [name, values] of Object.entries(results)) {
    if (name === 'state') continue;
    const off = { ...results, [name]: Float64Array.from(values, (value) => value * (1 + 1e-11)) };
    const worst = goldenDistances(golden, call, direction, off).filter(({ share }) => share > 1);
    expect(worst, name).not.toEqual([]);
  }
});

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

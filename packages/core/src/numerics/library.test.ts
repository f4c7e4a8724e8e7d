import { describe, expect, test } from 'vitest';
import { float64Functions } from '../expression/by-name.ts';
import type { Expression, FunctionName } from '../expression/node.ts';
import accuracy from './accuracy.json' with { type: 'json' };
import { emulate } from './emulator.ts';
import { fingerprint } from './fingerprint.ts';
import { float32Library } from './library.ts';
import { sweep, ulpsBetween, worstOver } from './ulp.ts';

describe.each(Object.entries(float32Library) as [FunctionName, Expression][])('%s', (name, body) => {
  const compute = emulate(body, float32Library);
  const truth = (t: number): number => float64Functions[name](t);

  test('is within 2 ulp of the truth', () => {
    expect(worstOver(compute, truth, sweep(100_000)).ulps).toBeLessThanOrEqual(2);
  });

  test.each([NaN, Infinity, -Infinity, 0, 2 ** -149, -(2 ** -149), 3.4028234663852886e38, -3.4028234663852886e38])(
    'is the limit at %f',
    (t) => {
      expect(ulpsBetween(compute(t), truth(t))).toBeLessThanOrEqual(2);
    },
  );

  test('keeps the sign of zero', () => {
    if (truth(0) === 0) expect(compute(-0)).toBe(-0);
  });
});

/** What `tooling/numerics/exhaustive.ts` found for each of the 2^32 arguments. */
interface Found {
  readonly body: string;
  readonly tried: number;
  readonly exact: { readonly ulps: number; readonly nan: number; readonly sign: number };
  readonly contracted: { readonly ulps: number };
}

const record: Readonly<Record<string, Found>> = accuracy;

test.each(Object.entries(record))('%s was tried with every argument, as its body is now', (name, found) => {
  const body = float32Library[name as FunctionName];
  expect(found.body).toBe(fingerprint(body));
  expect(found.tried).toBe(2 ** 32);
  expect(Math.max(found.exact.ulps, found.contracted.ulps)).toBeLessThanOrEqual(2);
  expect([found.exact.nan, found.exact.sign]).toEqual([0, 0]);
});

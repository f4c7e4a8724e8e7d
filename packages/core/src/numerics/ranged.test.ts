import { describe, expect, test } from 'vitest';
import { float64Functions } from '../expression/by-name.ts';
import { emulate } from './emulator.ts';
import { float32Library } from './library.ts';
import { countOperations } from './operations.ts';
import { rangedLibrary } from './ranged.ts';
import { sweep, worstOver } from './ulp.ts';

describe.each(rangedLibrary)('$name from $from to $to', ({ name, from, to, body }) => {
  const compute = emulate(body);

  test('is within 2 ulp of the truth', () => {
    const points = [...sweep(200_000)].filter((t) => t >= from && t <= to);
    expect(points.length).toBeGreaterThan(20_000);
    expect(worstOver(compute, (t) => float64Functions[name](t), [from, to, ...points]).ulps).toBeLessThanOrEqual(2);
  });

  test('is NaN for NaN', () => expect(compute(Number.NaN)).toBeNaN());

  test('is no dearer than the function for all arguments', () => {
    expect(countOperations(body).total).toBeLessThanOrEqual(countOperations(float32Library[name]).total);
  });
});

import { describe, expect, test } from 'vitest';
import { argument, square } from '../expression/build.ts';
import { float64Functions } from '../expression/by-name.ts';
import { polynomial } from './building-blocks.ts';
import { conditionedLibrary, decay } from './conditioned.ts';
import { emulate } from './emulator.ts';
import { sweep, ulpsBetween } from './ulp.ts';

const functions = [...conditionedLibrary, { name: 'decay', ...decay } as const];

describe.each(functions)('$name from $from to $to', ({ name, from, to, body }) => {
  const compute = emulate(body);
  const truth = (t: number): number => (name === 'decay' ? Math.exp(-t) : float64Functions[name](t));
  /** What an argument that is off by half an ulp, and once more by that, costs in ulps of the result. */
  const conditioning = (t: number): number => {
    const step = 2 ** -23 * Math.abs(t);
    return Math.max(...[t - step, t + step].map((near) => ulpsBetween(truth(near), truth(t))));
  };

  test('is within 3 ulp of the truth, and what its argument is worth', () => {
    const points = [from, to, ...sweep(400_000)].map(Math.fround).filter((t) => t >= from && t <= to);
    expect(points.length).toBeGreaterThan(20_000);
    let worst = 0;
    for (const t of points) worst = Math.max(worst, ulpsBetween(compute(t), truth(t)) - conditioning(t));
    expect(worst).toBeLessThanOrEqual(3);
  });

  test('is NaN for NaN', () => {
    expect(compute(Number.NaN)).toBeNaN();
  });
});

test.each(conditionedLibrary.filter(({ slope }) => slope))(
  "the slope of $name is its derivative's",
  ({ name, from, to, slope }) => {
    const compute = emulate(polynomial(slope ?? [], square(argument())));
    const truth = (t: number): number => (name === 'atan' ? 1 / (1 + t * t) : 1 / Math.sqrt(1 - t * t));
    const points = [from, to, ...sweep(400_000)].map(Math.fround).filter((t) => t >= from && t <= to);
    expect(points.length).toBeGreaterThan(20_000);
    for (const t of points) expect(ulpsBetween(compute(t), truth(t))).toBeLessThanOrEqual(3);
  },
);

test('the series are the bodies', () => {
  for (const { series, body } of conditionedLibrary) {
    if (!series) continue;
    const compute = emulate(body);
    for (const t of [-0.5, -0.1, 0.3]) {
      expect(compute(t)).toBeCloseTo(
        series.reduce((total, c, k) => total + c * t ** (2 * k + 1), 0),
        6,
      );
    }
  }
});

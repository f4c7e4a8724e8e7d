import { describe, expect, test } from 'vitest';
import { add, greater, mean, moments, mul, select, sqrt, square, sub } from '../expression/build.ts';
import {
  type Activation,
  adaRelu,
  choice,
  defineActivation,
  dyRelu,
  fixed,
  prelu,
  relu,
  softsign,
  swish,
  velu,
} from '../index.ts';
import { formats } from './formats.ts';
import type { ExpectedOutput } from './oracle/expected.ts';
import { type CallNumbers, type Direction, expectedOutputs } from './oracle/oracle.ts';
import { judge, type OwedGrade, toleranceAt } from './tolerance.ts';

const u = 2 ** -24;
const claims = { nan: 'propagate', signedZero: 'any', subnormals: 'keep' } as const;
const nothing = { value: null, slope: null };
const limits = () => ({ negative: nothing, positive: nothing });

function outputsOf(
  activation: Activation,
  direction: Direction,
  x: number[],
  more: Partial<CallNumbers> = {},
  shape = [x.length],
): ExpectedOutput[] {
  const parameters = Object.fromEntries(Object.entries(activation.parameters).map(([name, value]) => [name, [value]]));
  const upstream = { y: x.map(() => 1), penalty: 0 };
  const numbers = { x, parameters, ...(direction === 'vjp' && { upstream }), ...more };
  return expectedOutputs(activation, direction, { shape, dtype: 'float32' }, numbers, { sumDepth: () => 9, unit: u });
}
const first = (
  activation: Activation,
  direction: Direction,
  x: number[],
  more: Partial<CallNumbers> = {},
  shape = [x.length],
) => outputsOf(activation, direction, x, more, shape)[0] as ExpectedOutput;
const tolerance = (output: ExpectedOutput, index: number, grade: OwedGrade) =>
  toleranceAt(output.expected, index, grade, formats.float32, claims);
const s = (t: number) => 1 / (1 + Math.exp(-t));

describe('the tolerance of a value', () => {
  test('a single product: T is its magnitude, and B its conditioning', () => {
    const x = -5.3;
    const { expected } = first(swish(), 'forward', [x]);
    const slope = s(x) + x * s(x) * s(-x);
    expect(expected.magnitude[0]).toBeCloseTo(Math.abs(x * s(x)), 12);
    // the greatest of what x itself weighs, and of the argument of the logistic function
    expect(expected.b[0]).toBeCloseTo(Math.max(Math.abs(x * slope), Math.abs(x * x * s(x) * s(-x))), 12);
    expect(expected.c[0]).toBe(5.3);
    expect(expected.a[0]).toBe(0);
    expect(expected.k[0]).toBe(0);
  });

  test('a sum: T is the sum of the magnitudes, near a zero of the gradient too', () => {
    const x = -1.278464542761074; // swish'(x) = 0
    const { expected } = first(swish(), 'vjp', [x]);
    expect(Math.abs(expected.value[0] as number)).toBeLessThan(1e-15);
    expect(expected.magnitude[0]).toBeCloseTo(s(x) + Math.abs(x * s(x) * s(-x)), 12);
  });

  test('grades are multiples of ulp(T), of u·B and of u·C', () => {
    const output = first(swish(), 'forward', [-5.3]);
    const { magnitude, b, c } = output.expected;
    const ulp = formats.float32.ulp(magnitude[0] as number);
    expect(tolerance(output, 0, 'exact')).toBe(0);
    expect(tolerance(output, 0, 'A')).toBe(2 * ulp);
    expect(tolerance(output, 0, 'B')).toBeCloseTo(5 * ulp + 2 * u * (b[0] as number), 20);
    expect(tolerance(output, 0, 'D')).toBeCloseTo(4 * ulp + 2 * u * (b[0] as number) + 12 * u * (c[0] as number), 20);
  });

  test('of a parameter: the errors of the terms, and (k+1)·u·Σ|terms|', () => {
    const outputs = outputsOf(prelu(), 'vjp', [-1, -2, 3], { upstream: { y: [1, -1, 1], penalty: 0 } });
    const { expected } = outputs.find(({ name }) => name === 'slope') as ExpectedOutput;
    expect(expected.value[0]).toBe(1);
    expect(expected.k[0]).toBe(10 * 3);
    expect(expected.a[0]).toBeCloseTo(2 * 3, 12);
  });

  test('no sum error is granted to a depth that would allow 2^-12 of the terms', () => {
    const spec = { shape: [3], dtype: 'float32' } as const;
    const numbers = { x: [-1, -2, 3], parameters: { slope: [0.25] }, upstream: { y: [1, 1, 1], penalty: 0 } };
    const k = (sumDepth: number) =>
      expectedOutputs(prelu(), 'vjp', spec, numbers, { sumDepth: () => sumDepth, unit: u }).find(
        ({ name }) => name === 'slope',
      )?.expected.k[0];
    expect(k(4095)).toBe(4096 * 3);
    expect(k(4096)).toBe(0);
  });
});

describe('the tolerance of statistics', () => {
  const centred = defineActivation({ name: 'centred', forward: (x) => sub(x, mean(x, 'row')), limits });
  const deviation = defineActivation({ name: 'deviation', forward: (x) => sqrt(moments(x, 'row').variance), limits });
  const raw = defineActivation({ name: 'raw', forward: (x) => mul(1, mean(x, 'row')), limits });

  test('x - mean is judged by the spread, not by the offset', () => {
    const x = [1e4, 1e4 + 0.0078125, 1e4 - 0.0078125, 1e4];
    const near = first(centred(), 'forward', x, {}, [1, 4]);
    expect(tolerance(near, 0, 'B')).toBeLessThan(1e-7);
    // the mean as it stands is rounded like any number of its size
    expect(tolerance(first(raw(), 'forward', x, {}, [1, 4]), 0, 'A')).toBeGreaterThan(1e-3);
  });

  test('equal values must have no deviation at all', () => {
    const output = first(deviation(), 'forward', [0.1, 0.1, 0.1].map(Math.fround), {}, [1, 3]);
    expect(output.expected.value[0]).toBe(0);
    expect(tolerance(output, 0, 'B')).toBeLessThan(1e-40);
  });

  test('a deviation: (k+1)·u of half its size, and the rounding of its terms', () => {
    const x = [1, 2, 3, 6];
    const [centre, variance] = [3, 3.5];
    const [away, farthest] = [(2 + 1 + 0 + 3) / 4, 3];
    const { expected } = first(deviation(), 'forward', x, {}, [1, 4]);
    expect(expected.value[0]).toBeCloseTo(Math.sqrt(variance), 12);
    const slope = 1 / (2 * Math.sqrt(variance));
    expect(expected.k[0]).toBeCloseTo(slope * (10 * variance + 2 * (variance + away * farthest)), 10);
    expect(centre).toBe(x.reduce((total, value) => total + value) / 4);
  });

  test('what one statistic may be off by reaches everything that uses it', () => {
    const [plain, penalised] = [velu(), velu({ transport: 'output' })].map((activation) =>
      first(activation, 'forward', [1, -2, 0.5, 3], {}, [1, 4]),
    ) as [ExpectedOutput, ExpectedOutput];
    expect(plain.expected.k[0]).toBeGreaterThan(0);
    expect(tolerance(penalised, 0, 'A')).toBeGreaterThan(tolerance(plain, 0, 'A'));
  });
});

describe('the judgement of a value', () => {
  const at = (
    output: ExpectedOutput,
    got: number,
    owed: OwedGrade = 'B',
    more: Partial<{ nan: 'any'; signedZero: 'strict'; subnormals: 'any' }> = {},
  ) => judge(output, 0, got, owed, formats.float32, { ...claims, ...more });

  test('the best grade that the error meets, and the share of the owed bound', () => {
    const output = first(swish(), 'forward', [-5.3]);
    const value = output.expected.value[0] as number;
    for (const grade of ['A', 'B', 'D'] as const) {
      const bound = tolerance(output, 0, grade);
      expect(at(output, value + 0.999 * bound, grade).grade).toBe(grade);
      expect(at(output, value - 1.001 * bound, grade).share).toBeGreaterThan(1);
      expect(at(output, value - 1.001 * bound, grade).grade).not.toBe(grade);
    }
    expect(at(output, Math.fround(value))).toEqual({ grade: 'exact', ulps: 0, share: 0 });
    expect(at(output, 2 * value).grade).toBe('fail');
  });

  test('NaN and infinities are not values', () => {
    const output = first(swish(), 'forward', [-5.3]);
    for (const got of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(at(output, got, 'D').grade).toBe('fail');
    }
    const ofNaN = first(relu(), 'forward', [Number.NaN]);
    expect(at(ofNaN, Number.NaN).grade).toBe('exact');
    expect(at(ofNaN, 0, 'D').grade).toBe('fail');
    expect(at(ofNaN, 0, 'B', { nan: 'any' }).grade).toBe('exact');
    const infinite = first(relu(), 'forward', [Number.POSITIVE_INFINITY]);
    expect(at(infinite, Number.POSITIVE_INFINITY).grade).toBe('exact');
    expect(at(infinite, Number.NEGATIVE_INFINITY, 'D').grade).toBe('fail');
    expect(at(infinite, formats.float32.largest, 'D').grade).toBe('fail');
  });

  test('beyond the range of float32 stands infinity', () => {
    const doubled = defineActivation({ name: 'doubled', forward: (x) => mul(2, x), limits });
    const beyond = first(doubled(), 'forward', [formats.float32.largest]);
    expect(at(beyond, Number.POSITIVE_INFINITY).grade).toBe('exact');
    expect(at(beyond, formats.float32.largest).grade).toBe('fail');
    const edge = first(doubled(), 'forward', [formats.float32.largest / 2]);
    expect(at(edge, Number.POSITIVE_INFINITY).grade).toBe('A'); // half an ulp further on
    expect(at(edge, Number.NEGATIVE_INFINITY).grade).toBe('fail');
  });

  test('the sign of zero counts only where it is claimed', () => {
    const output = first(swish(), 'forward', [Number.NEGATIVE_INFINITY]);
    expect(at(output, 0).grade).toBe('exact');
    expect(at(output, -0, 'B', { signedZero: 'strict' }).grade).toBe('exact');
    expect(at(output, 0, 'B', { signedZero: 'strict' }).grade).toBe('fail');
  });

  test('subnormals may be flushed only where they are not kept', () => {
    const output = first(softsign(), 'forward', [1e-39]);
    expect(at(output, 0).share).toBeGreaterThan(1);
    expect(at(output, 0, 'B', { subnormals: 'any' }).grade).toBe('A');
    expect(at(output, 1e-37, 'B', { subnormals: 'any' }).share).toBeGreaterThan(1);
  });

  test('a comparison of computed numbers may go either way, one of given numbers may not', () => {
    const step = defineActivation({
      name: 'step',
      parameters: { beta: fixed(0.1) },
      options: { operand: choice('given', 'computed') },
      forward: (x, { beta }, { operand }) => select(greater(operand === 'given' ? x : mul(beta, x), 1), 5, -5),
      limits,
    });
    const beta = Math.fround(0.1);
    const computed = first(step({ operand: 'computed' }), 'forward', [10], { parameters: { beta: [beta] } });
    expect([at(computed, 5).grade, at(computed, -5).grade, at(computed, 0).grade]).toEqual(['exact', 'exact', 'fail']);
    const clear = first(step({ operand: 'computed' }), 'forward', [10.0001], { parameters: { beta: [beta] } });
    expect([at(clear, 5).grade, at(clear, -5).grade]).toEqual(['exact', 'fail']);
    const given = first(step(), 'forward', [1]);
    expect([at(given, 5).grade, at(given, -5).grade]).toEqual(['fail', 'exact']);
  });

  test('a sum lies between what its terms may each be, and no further off', () => {
    const spec = { shape: [3], dtype: 'float32' } as const;
    const numbers = {
      x: [2 ** -140, -(2 ** -140), 1],
      parameters: { a1: [1], a2: [0], b1: [0], b2: [0] },
      upstream: { y: [1, 2, 4], penalty: 0 },
    };
    const gradeOf = (flushes: boolean, got: number) => {
      const owing = { sumDepth: () => 9, unit: u, flushes };
      const outputs = expectedOutputs(dyRelu(), 'vjp', spec, numbers, owing);
      const b1 = outputs.find(({ name }) => name === 'b1') as ExpectedOutput;
      return judge(b1, 0, got, 'B', formats.float32, { ...claims, subnormals: flushes ? 'any' : 'keep' }).grade;
    };
    // max(x, 0): who takes both subnormals for 0 may sum 4 to 7, although both of them turned round make 6
    for (const got of [4, 5, 6, 7]) expect(gradeOf(true, got)).not.toBe('fail');
    for (const got of [3.99, 7.01]) expect(gradeOf(true, got)).toBe('fail');
    expect([4, 5, 6, 7].map((got) => gradeOf(false, got))).toEqual(['fail', 'exact', 'fail', 'fail']);
  });

  test('a statistic that leaves the range of float32 may be infinite', () => {
    const scaled = defineActivation({ name: 'scaled', forward: (x) => add(x, sqrt(mean(square(x), 'row'))), limits });
    const output = first(scaled(), 'forward', [1e30, 1e30], {}, [1, 2]);
    expect(at(output, Math.fround(2e30)).grade).not.toBe('fail');
    expect(at(output, Number.POSITIVE_INFINITY).grade).toBe('exact');
    expect(at(output, 1e30).grade).toBe('fail');
  });
});

describe('a sum that float32 can hold, of terms that it cannot', () => {
  const slopeOf = (x: number[], upstream: number[]) =>
    outputsOf(prelu(), 'vjp', x, { upstream: { y: upstream, penalty: 0 } }).find(
      ({ name }) => name === 'slope',
    ) as ExpectedOutput;
  const grade = (output: ExpectedOutput, got: number, nan: 'propagate' | 'any' = 'propagate') =>
    judge(output, 0, got, 'B', formats.float32, { ...claims, nan }).grade;
  const overflown = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

  test('may overflow on its way: in some order of additions it does', () => {
    const output = slopeOf([-3e38, -3e38, -3e38], [1, -1, 1]);
    for (const got of [-3e38, ...overflown]) expect(grade(output, Math.fround(got))).not.toBe('fail');
    for (const got of [0, 1e38, 3e38, -3.4e38]) expect(grade(output, got, 'any')).toBe('fail');
  });

  test('and may not where the magnitudes add up to what float32 holds', () => {
    const output = slopeOf([-1e38, -1e38, -1e38], [1, -1, 1]);
    expect(grade(output, Math.fround(-1e38))).not.toBe('fail');
    for (const got of overflown) expect(grade(output, got, 'any')).toBe('fail');
  });

  test('whatever other groups do', () => {
    const spec = { shape: [2, 2], dtype: 'float32', parameterShapes: { slope: [2] } } as const;
    const numbers = {
      x: [-3e38, -1, -3e38, -1],
      parameters: { slope: [0.25, 0.25] },
      upstream: { y: [1, 1, -1, 1], penalty: 0 },
    };
    const output = expectedOutputs(prelu(), 'vjp', spec, numbers, { sumDepth: () => 9, unit: u }).find(
      ({ name }) => name === 'slope',
    ) as ExpectedOutput;
    const at = (index: number) => judge(output, index, Number.NaN, 'B', formats.float32, claims).grade;
    expect([at(0), at(1)]).toEqual(['exact', 'fail']);
  });
});

test('counts are exact, however large', () => {
  const x = new Array(2 ** 13).fill(1);
  const states = outputsOf(adaRelu(), 'forward', x).filter(({ kind }) => kind === 'state');
  expect(states.map(({ name, expected }) => [name, expected.value[0]])).toEqual([
    ['positive', 2 ** 13],
    ['negative', 0],
  ]);
  expect(tolerance(states[0] as ExpectedOutput, 0, 'D')).toBeLessThan(1e-30);
});

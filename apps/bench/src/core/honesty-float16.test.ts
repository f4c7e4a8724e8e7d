/** What float16 adds to `honesty.test.ts`: its own tolerance, its own bytes, its own roof, and nobody left out. */
import { expect, test } from 'vitest';
import { fakeClock } from '../testing/fake-clock.ts';
import { measure, question, rowOf } from '../testing/measure.ts';
import { type Planted, planted, plantedCopy } from '../testing/planted.ts';
import type { BenchCase } from './candidate.ts';
import { elementTypes } from './dtypes.ts';
import { isWrong } from './report.ts';

const half: BenchCase = { ...question, dtype: 'float16' };
const { fromNumbers, toNumbers } = elementTypes.float16;
const elements = 64;

async function gateOf(more: Omit<Planted, 'clock' | 'subject' | 'callMs'>, cases: readonly BenchCase[] = [half]) {
  const clock = fakeClock();
  const report = await measure(clock, [planted({ clock, subject: 'a', callMs: () => 1, ...more })], { cases });
  return rowOf(report, 'a');
}

test('a right kernel passes and has a number', async () => {
  for (const direction of ['forward', 'vjp'] as const) {
    const row = await gateOf({}, [{ ...half, direction }]);
    expect(row).toMatchObject({ gate: 'passed', dtype: 'float16' });
    expect(row.throughput?.callMs.median).toBe(1);
  }
});

test('a kernel that is off by one step of float16 gets a reason and no number', async () => {
  const row = await gateOf({
    spoil: ({ primary }) => ({ primary: Uint16Array.from(primary, (bits) => bits + 1), parameters: {} }),
  });
  expect(row.gate).toMatch(/must be/);
  expect(row).toMatchObject({ latencyMs: null, throughput: null });
});

test('a float16 kernel that is wrong when it is timed gets no number', async () => {
  const row = await gateOf({
    spoil: (outputs, call) =>
      call > 1 ? { primary: new Uint16Array(outputs.primary.length), parameters: {} } : outputs,
  });
  expect(row).toMatchObject({ gate: expect.stringMatching(/^timed calls: /), throughput: null });
});

test('answers that were not stored in float16 are refused, however right', async () => {
  const wide = await gateOf({
    spoil: ({ primary }) => ({ primary: Float32Array.from(toNumbers(primary)), parameters: {} }),
  });
  expect(wide).toMatchObject({ gate: 'must give float16 (gave other numbers)', throughput: null });
  const rounded = await gateOf({ stores: () => 'float32' });
  expect(rounded).toMatchObject({ gate: 'must store float16 (stored float32)', throughput: null });
});

test('bits that are read as numbers are wrong in float32', async () => {
  const bits: Planted['spoil'] = ({ primary }) => ({ primary: fromNumbers(primary), parameters: {} });
  expect((await gateOf({ spoil: bits }, [question])).gate).toMatch(/must be/);
});

test('what moves float32 inside is not said to move the bytes of float16', async () => {
  const clock = fakeClock();
  const narrow = 2 * 2 * elements;
  const report = await measure(
    clock,
    [
      planted({ clock, subject: 'narrow', callMs: () => 1, bytes: narrow }),
      planted({ clock, subject: 'wide', callMs: () => 1, bytes: 2 * narrow }),
    ],
    { cases: [half] },
  );
  const [narrowly, widely] = ['narrow', 'wide'].map((subject) => rowOf(report, subject));
  expect(widely?.bytes).toBe(2 * (narrowly?.bytes ?? 0));
  expect(widely?.throughput?.ofCopy).toBeCloseTo(2 * (narrowly?.throughput?.ofCopy ?? 0), 9);
  // Both took as long, and the least that this question moves is float16's for both.
  expect(widely?.throughput?.ofIdeal).toBe(narrowly?.throughput?.ofIdeal);
});

test('the roof is the copy of float16, and each type has its own', async () => {
  const clock = fakeClock();
  const callMs = { float32: 0.2, float16: 0.1 };
  const report = await measure(clock, [planted({ clock, subject: 'a', callMs: () => 1, bytes: 4 * elements })], {
    cases: [question, half],
    copies: [plantedCopy(clock, (dtype) => callMs[dtype])],
  });
  expect(report.roofs.map(({ dtype, callMs: { median } }) => [dtype, median])).toEqual([
    ['float32', expect.closeTo(0.2, 9)],
    ['float16', expect.closeTo(0.1, 9)],
  ]);
  expect(report.roofs[1]?.gigabytesPerSecond).toBeCloseTo((4 * elements) / 0.1 / 1e6, 9);
  const [, narrow] = report.results;
  expect(narrow?.throughput?.ofCopy).toBeCloseTo(0.1, 9);
});

test('a subject without float16 has a row that says so, and is not wrong', async () => {
  const clock = fakeClock();
  const report = await measure(
    clock,
    [
      planted({ clock, subject: 'wide', callMs: () => 1, dtypes: ['float32'] }),
      planted({ clock, subject: 'narrow', callMs: () => 1 }),
    ],
    { cases: [question, half] },
  );
  expect(report.complete).toBe(true);
  expect(report.results).toHaveLength(4);
  const lacking = report.results.filter(({ gate }) => gate !== 'passed');
  expect(lacking).toMatchObject([
    { subject: 'wide', dtype: 'float16', gate: 'unsupported: no float16', throughput: null },
  ]);
  expect(lacking.filter(isWrong)).toEqual([]);
});

test('a comparison stays within its data type', async () => {
  const clock = fakeClock();
  const contenders = ['a', 'b'].map((subject) => planted({ clock, subject, callMs: () => 1 }));
  const { comparisons } = await measure(clock, contenders, { cases: [question, half] });
  expect(comparisons.map(({ dtype, subject, against }) => [dtype, subject, against])).toEqual([
    ['float32', 'a', 'b'],
    ['float32', 'b', 'a'],
    ['float16', 'a', 'b'],
    ['float16', 'b', 'a'],
  ]);
});

/** What the benchmark must never do: give a number to a wrong result, or a verdict that the samples do not carry. */
import { UnsupportedError } from '@isoact/core';
import { expect, test } from 'vitest';
import { fakeClock } from '../testing/fake-clock.ts';
import { measure, question, rowOf } from '../testing/measure.ts';
import { type Planted, planted, plantedCopy, testDevice } from '../testing/planted.ts';
import { full, withinMs } from './budget.ts';
import type { BenchCase } from './candidate.ts';
import { seededRandom } from './random.ts';
import { type ComparisonRow, isWrong, notReached, type Report } from './report.ts';

const comparison = (report: Report, subject: string, against: string): ComparisonRow | undefined =>
  report.comparisons.find((each) => each.subject === subject && each.against === against);

/** Times around a middle, 1 % apart. */
const noisy = (middle: number, random: () => number) => () => middle * (1 + 0.02 * (random() - 0.5));

const fast: Omit<Planted, 'clock' | 'subject'> = { callMs: () => 1 };

test('a wrong kernel gets a reason and no number', async () => {
  const clock = fakeClock();
  const spoil: Planted['spoil'] = ({ primary }) => ({ primary: Array.from(primary, (y) => y * 1.001), parameters: {} });
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'wrong', spoil })]);
  const row = rowOf(report, 'wrong');
  expect(row.gate).toMatch(/must be/);
  expect(row).toMatchObject({ latencyMs: null, throughput: null });
});

test('a kernel that is right when it is checked and wrong when it is timed gets no number', async () => {
  const clock = fakeClock();
  const spoil: Planted['spoil'] = (outputs, call) =>
    call > 1 ? { primary: new Float32Array(outputs.primary.length), parameters: {} } : outputs;
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'lazy', spoil })]);
  expect(rowOf(report, 'lazy')).toMatchObject({ gate: expect.stringMatching(/^timed calls: /), throughput: null });
});

test('an error that the device reports during the timing voids the candidate', async () => {
  const clock = fakeClock();
  const errors = () => (clock.now() > 200 ? ['validation failed'] : []);
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'invalid', errors })]);
  expect(rowOf(report, 'invalid')).toMatchObject({ gate: 'the device reported: validation failed', throughput: null });
});

test('what a subject says that it cannot do is unsupported, and what fails otherwise is wrong', async () => {
  const clock = fakeClock();
  const refusing = (subject: string, error: Error) => ({
    ...planted({ ...fast, clock, subject }),
    open: () => Promise.reject(error),
  });
  const report = await measure(clock, [
    refusing('small', new UnsupportedError('buffers must be at most 10 (were 11).')),
    refusing('broken', new Error('no memory')),
  ]);
  expect(rowOf(report, 'small')).toMatchObject({
    gate: 'unsupported: buffers must be at most 10 (were 11).',
    throughput: null,
  });
  expect(rowOf(report, 'broken').gate).toBe('failed: no memory');
  expect(report.results.filter(isWrong).map(({ subject }) => subject)).toEqual(['broken']);
});

test('a candidate that fell back to the CPU is refused', async () => {
  const clock = fakeClock();
  const gpu = { kind: 'gpu', description: 'real', software: false } as const;
  const report = await measure(clock, [
    planted({ ...fast, clock, subject: 'fallback', device: gpu, ranOn: () => 'cpu' }),
  ]);
  expect(rowOf(report, 'fallback')).toMatchObject({ gate: 'must run on the gpu (ran on the cpu)', throughput: null });
});

test('a kernel that throws while it is timed leaves a reason, and the others go on', async () => {
  const clock = fakeClock();
  const callMs = () => {
    if (clock.now() > 300) throw new Error('device lost');
    return 1;
  };
  const report = await measure(clock, [
    planted({ clock, subject: 'lost', callMs }),
    planted({ ...fast, clock, subject: 'sound' }),
  ]);
  expect(rowOf(report, 'lost').gate).toMatch(/device lost/);
  expect(rowOf(report, 'sound').throughput).not.toBeNull();
});

test('a kernel of twice the time is called slower, with an interval around 2', async () => {
  const clock = fakeClock();
  const random = seededRandom(0.1);
  const report = await measure(clock, [
    planted({ clock, subject: 'one', callMs: noisy(1, random) }),
    planted({ clock, subject: 'two', callMs: noisy(2, random), kind: 'peer' }),
  ]);
  const row = comparison(report, 'two', 'one');
  expect(row?.verdict).toBe('slower');
  expect(row?.interval[0]).toBeGreaterThan(1.9);
  expect(row?.interval[1]).toBeLessThan(2.1);
  expect(comparison(report, 'one', 'two')?.verdict).toBe('faster');
});

test('identical kernels are the same in at least 95 of 100 repeats', async () => {
  let same = 0;
  for (let repeat = 0; repeat < 100; repeat++) {
    const clock = fakeClock();
    const random = seededRandom(repeat / 100);
    const callMs = noisy(1, random);
    const contenders = ['a', 'b'].map((subject) => planted({ clock, subject, callMs }));
    const report = await measure(clock, contenders, { seed: repeat });
    if (comparison(report, 'a', 'b')?.verdict === 'same') same++;
  }
  expect(same).toBeGreaterThanOrEqual(95);
});

test('timings of zero length are discarded and counted', async () => {
  const clock = fakeClock();
  let calls = 0;
  const report = await measure(clock, [planted({ clock, subject: 'frozen', callMs: () => (calls++ < 40 ? 1 : 0) })], {
    effort: { ...withinMs(full, 1_000), enoughMs: 0 },
  });
  const row = rowOf(report, 'frozen');
  expect(row.rounds.discarded).toBeGreaterThan(0);
  expect(row.throughput).toBeNull();
});

const gpuDevice = { kind: 'gpu', description: 'real', software: false } as const;

test('timestamps of zero or negative length are discarded and counted', async () => {
  const clock = fakeClock();
  let windows = 0;
  const stamps = {
    quantumNs: 100,
    // The first windows find out how many calls it takes.
    time: async (count: number) => [1e6 * count, 0, -1e6][windows++ < 8 ? 0 : windows % 3] ?? 0,
  };
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'a', device: gpuDevice, stamps })]);
  const { gpu, labels } = rowOf(report, 'a');
  expect(gpu?.discarded).toBeGreaterThan(5);
  expect(gpu?.callMs).toMatchObject({ median: 1, mad: 0 });
  expect(gpu?.ofWallClock).toBeCloseTo(1, 6);
  expect(labels).not.toContain('timestamps disagree');
});

test.each([
  ['twice', 2, true],
  ['a tenth of', 0.1, true],
  ['most of', 0.9, false],
])('timestamps that say %s what the wall clock says are labelled if they must be wrong', async (_, share, disagree) => {
  const clock = fakeClock();
  const stamps = { quantumNs: 100, time: async (count: number) => share * 1e6 * count };
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'a', device: gpuDevice, stamps })]);
  expect(rowOf(report, 'a').labels.includes('timestamps disagree')).toBe(disagree);
});

test('timestamps whose steps are longer than any batch give no number', async () => {
  const clock = fakeClock();
  const stamps = { quantumNs: 1e9, time: async (count: number) => 1e6 * Math.min(count, 1000) };
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'a', device: gpuDevice, stamps })]);
  expect(rowOf(report, 'a').gpu).toBeNull();
});

test('the cold lane rotates over 256 MB, and what it computes is checked too', async () => {
  const clock = fakeClock();
  const large: BenchCase = { ...question, shape: [2 ** 6, 2 ** 10] };
  const effort = { ...full, warmUpMs: 1, batchMs: 4, enoughSamples: 5, enoughMs: 0, longestMs: 30 };
  let sets = 1;
  const sees = { device: gpuDevice, onSets: (given: number) => (sets = given), callMs: () => (sets > 1 ? 3 : 1) };
  const spoil: Planted['spoil'] = (outputs) =>
    sets > 1 ? { primary: new Float32Array(outputs.primary.length), parameters: {} } : outputs;
  const report = await measure(
    clock,
    [
      planted({ ...sees, clock, subject: 'right' }),
      planted({ ...sees, clock, subject: 'wrong when cold', spoil }),
      planted({ ...fast, clock, subject: 'cannot rotate', device: gpuDevice }),
    ],
    { effort, cases: [large], copies: [{ ...plantedCopy(clock), device: gpuDevice }] },
  );
  const row = rowOf(report, 'right');
  expect(row.cold).toMatchObject({ sets: 489, callMs: { median: 3 } });
  expect(row.throughput?.callMs.median).toBe(1);
  expect(rowOf(report, 'wrong when cold')).toMatchObject({ gate: expect.stringMatching(/^timed calls/), cold: null });
  expect(rowOf(report, 'cannot rotate')).toMatchObject({ gate: 'passed', cold: null });
  expect(report.roofs[0]?.cold?.sets).toBe(489);
});

test('where arithmetic takes longer than the memory, it is the roof', async () => {
  const clock = fakeClock();
  const peaks = [{ device: testDevice, measure: async () => [1e6, 1e6] }];
  const report = await measure(clock, [planted({ ...fast, clock, subject: 'a' })], { peaks });
  const { throughput, operations } = rowOf(report, 'a');
  expect(operations).toBeGreaterThan(64);
  expect(throughput?.ofRoof).toBeCloseTo((operations ?? 0) / 1e6 / 1e-3, 6);
  expect(throughput?.ofIdeal).toBeCloseTo(0.1, 6);
});

test('rounds in which the copy drifts are dropped and counted', async () => {
  const clock = fakeClock();
  const busy = () => clock.now() % 1000 > 800;
  const slowed = (usual: number) => () => (busy() ? 5 * usual : usual);
  const report = await measure(clock, [planted({ clock, subject: 'a', callMs: slowed(1) })], {
    copies: [plantedCopy(clock, slowed(0.1))],
  });
  const row = rowOf(report, 'a');
  expect(row.rounds.dropped).toBeGreaterThan(0);
  expect(row.throughput?.callMs.median).toBeCloseTo(1, 3);
});

test('an abort keeps the finished cases in a report marked incomplete', async () => {
  const clock = fakeClock();
  const interruption = new AbortController();
  let finished = 0;
  const callMs = () => {
    if (++finished > 20_000) interruption.abort();
    return 1;
  };
  const cases = Array.from({ length: 20 }, () => question);
  const report = await measure(clock, [planted({ clock, subject: 'a', callMs })], {
    signal: interruption.signal,
    cases,
  });
  expect(report.complete).toBe(false);
  expect(report.results.length).toBeGreaterThan(0);
  expect(report.results.length).toBeLessThan(20);
});

test('software devices are never compared with real ones', async () => {
  const clock = fakeClock();
  const gpu = { kind: 'gpu', description: 'real', software: false } as const;
  const pretended = { kind: 'gpu', description: 'SwiftShader', software: true } as const;
  const report = await measure(clock, [
    planted({ ...fast, clock, subject: 'gpu', device: gpu }),
    planted({ ...fast, clock, subject: 'software', device: pretended }),
    planted({ ...fast, clock, subject: 'cpu', device: testDevice }),
  ]);
  expect(report.comparisons).toEqual([]);
});

test('the promised time is kept however many candidates there are', async () => {
  const clock = fakeClock();
  const contenders = Array.from({ length: 15 }, (_, k) =>
    planted({ ...fast, clock, subject: `${k}`, callMs: () => 20 }),
  );
  const cases = Array.from({ length: 6 }, () => question);
  await measure(clock, contenders, { cases, effort: withinMs(full, 60_000) });
  expect(clock.now()).toBeLessThan(60_000);
});

test('what the time did not reach has no number, is said to be so, and is no fault of its own', async () => {
  const clock = fakeClock();
  const contenders = Array.from({ length: 15 }, (_, k) => planted({ clock, subject: `${k}`, callMs: () => 2_000 }));
  const cases = Array.from({ length: 6 }, () => question);
  const report = await measure(clock, contenders, { cases, effort: withinMs(full, 60_000) });
  expect(clock.now()).toBeLessThan(60_000);
  expect(report.complete).toBe(false);
  const late = report.results.filter(({ gate }) => gate === notReached);
  expect(late.length).toBeGreaterThan(0);
  for (const row of late) expect(row).toMatchObject({ latencyMs: null, throughput: null, cold: null });
  expect(report.results.filter(isWrong)).toEqual([]);
  for (const { gate, throughput, rounds } of report.results) {
    if (gate === 'passed' && throughput) expect(rounds.taken).toBeGreaterThanOrEqual(full.minimalSamples);
  }
  // Each case is in the report, or said to be missing.
  expect(report.results.length / contenders.length + report.missing.length).toBe(cases.length);
});

test('a machine too slow for its time leaves nothing out: the fewest samples for each, and they are said to be so', async () => {
  const clock = fakeClock();
  const contenders = Array.from({ length: 15 }, (_, k) => planted({ clock, subject: `${k}`, callMs: () => 200 }));
  const cases = Array.from({ length: 4 }, () => question);
  const effort = { ...withinMs(full, 60_000), graceMs: 600_000 };
  const report = await measure(clock, contenders, { cases, sweep: [question], effort });
  expect(clock.now()).toBeGreaterThan(60_000);
  expect(report.complete).toBe(true);
  expect(report.results).toHaveLength(contenders.length * cases.length);
  // The sweep is no reason to take longer.
  expect(report.missing).toHaveLength(1);
  for (const { gate, throughput, labels } of report.results) {
    expect(gate).toBe('passed');
    expect(throughput?.callMs.samples).toHaveLength(full.minimalSamples);
    expect(labels).toContain('fewest samples');
  }
});

test('a long call is a sample of its own', async () => {
  const clock = fakeClock();
  let calls = 0;
  const callMs = () => {
    calls++;
    return 2_000;
  };
  const report = await measure(clock, [planted({ clock, subject: 'long', callMs })], {
    effort: withinMs(full, 60_000),
  });
  const { latencyMs, throughput, rounds } = rowOf(report, 'long');
  expect(latencyMs?.median).toBe(2_000);
  expect(throughput?.callMs.median).toBe(2_000);
  expect(rounds.taken).toBeGreaterThanOrEqual(full.minimalSamples);
  // The gate, the warm-up, and the samples.
  expect(calls).toBe(2 + rounds.taken);
});

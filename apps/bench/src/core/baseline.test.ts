import { expect, test } from 'vitest';
import { sampleReport, sampleResult } from '../testing/sample-report.ts';
import { compareWithBaseline } from './baseline.ts';

const device = { kind: 'cpu', description: 'Processor', software: false } as const;
const reportWith = (callMs: number) => ({
  ...sampleReport(),
  results: [sampleResult({ subject: 'a', device, callMs })],
});

test('a row that takes half as long again is slower', () => {
  expect(compareWithBaseline(reportWith(1.5), reportWith(1))).toMatchObject([
    { subject: 'a', ratio: expect.closeTo(1.5, 5) },
  ]);
});

test('the same, and faster, are not', () => {
  expect(compareWithBaseline(reportWith(1.05), reportWith(1))).toEqual([]);
  expect(compareWithBaseline(reportWith(0.5), reportWith(1))).toEqual([]);
});

test('a machine of half the speed, with a copy of half the speed, is no reason', () => {
  const slow = reportWith(2);
  const [roof] = slow.roofs;
  if (!roof) throw new Error('no roof');
  const callMs = { ...roof.callMs, median: 2 * roof.callMs.median };
  expect(compareWithBaseline({ ...slow, roofs: [{ ...roof, callMs }] }, reportWith(1))).toEqual([]);
});

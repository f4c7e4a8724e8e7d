import { median } from 'simple-statistics';
import { expect, test } from 'vitest';
import { sampleReport, sampleResult } from '../testing/sample-report.ts';
import { inCopies } from './copies.ts';
import { mergeReports } from './merge.ts';
import { seededRandom } from './random.ts';
import type { Report } from './report.ts';

const device = { kind: 'cpu', description: 'Processor', software: false } as const;

/** A run in which everything takes `mood` times as long. */
function runOf(subject: string, kind: 'ours' | 'peer', callMs: number, mood: number): Report {
  const report = sampleReport();
  const [roof] = report.roofs;
  if (!roof) throw new Error('the sample report must have a roof');
  return {
    ...report,
    command: `run of ${subject}`,
    machine: { ...report.machine, runtime: subject, versions: { [subject]: '1' } },
    roofs: [{ ...roof, callMs: { ...roof.callMs, median: 0.5 * mood } }],
    results: [sampleResult({ subject, device, kind, callMs: callMs * mood })],
    comparisons: [],
  };
}

const merge = (...reports: readonly Report[]) => mergeReports(reports, seededRandom(0.3));

test('rows of two runs are compared in copies of their own run', () => {
  const merged = merge(runOf('webgpu', 'ours', 1, 1), runOf('pytorch', 'peer', 2, 3));
  expect(merged.results.map(({ subject }) => subject)).toEqual(['webgpu', 'pytorch']);
  expect(merged.machine).toMatchObject({ runtime: 'webgpu + pytorch', versions: { webgpu: '1', pytorch: '1' } });
  expect(merged.comparisons).toHaveLength(1);
  const [row] = merged.comparisons;
  expect(row).toMatchObject({ subject: 'webgpu', against: 'pytorch', lane: 'copies', verdict: 'faster' });
  expect(row?.ratio).toBeCloseTo(0.5, 2);
});

test('a merged row keeps the copy of its own run', () => {
  const merged = merge(runOf('webgpu', 'ours', 1, 1), runOf('pytorch', 'peer', 2, 3));
  const medians = merged.results.map((row) => median(inCopies(row, merged) ?? []));
  expect(medians[0]).toBeCloseTo(2, 1);
  expect(medians[1]).toBeCloseTo(4, 1);
  expect(() => merge(merged, runOf('eager', 'peer', 2, 3))).toThrow('must be merged once');
});

test('each data type is held against its own copy, and compared within it', () => {
  const both = (subject: string, kind: 'ours' | 'peer', callMs: number): Report => {
    const report = runOf(subject, kind, callMs, 1);
    const [roof] = report.roofs;
    if (!roof) throw new Error('the report must have a roof');
    const half = { ...roof, dtype: 'float16', callMs: { ...roof.callMs, median: 0.25 } } as const;
    const result = sampleResult({ subject, device, kind, callMs, dtype: 'float16' });
    return { ...report, roofs: [roof, half], results: [...report.results, result] };
  };
  const merged = merge(both('webgpu', 'ours', 1), both('pytorch', 'peer', 2));
  const medians = merged.results.map((row) => [
    row.subject,
    row.dtype,
    Math.round(median(inCopies(row, merged) ?? [])),
  ]);
  expect(medians).toEqual([
    ['webgpu', 'float32', 2],
    ['webgpu', 'float16', 4],
    ['pytorch', 'float32', 4],
    ['pytorch', 'float16', 8],
  ]);
  expect(merged.comparisons.map(({ dtype, against }) => [dtype, against])).toEqual([
    ['float32', 'pytorch'],
    ['float16', 'pytorch'],
  ]);
});

test('runs of two machines are refused', () => {
  const other = runOf('pytorch', 'peer', 2, 1);
  const elsewhere = { ...other, machine: { ...other.machine, cpu: 'Another' } };
  expect(() => merge(runOf('webgpu', 'ours', 1, 1), elsewhere)).toThrow(
    'Merged results must be of one machine (were of Processor, 2 cores, Linux and of Another, 2 cores, Linux).',
  );
});

test('a row that is in both is refused', () => {
  expect(() => merge(runOf('webgpu', 'ours', 1, 1), runOf('webgpu', 'ours', 1, 1))).toThrow(
    'must have no row in common (have webgpu on Processor, gelu forward 4×1024 float32)',
  );
});

test('one run is no merge', () => {
  expect(() => merge(runOf('webgpu', 'ours', 1, 1))).toThrow('At least two results must be merged (was 1).');
});

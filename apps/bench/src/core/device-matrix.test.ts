import { expect, test } from 'vitest';
import { sampleReport, sampleResult } from '../testing/sample-report.ts';
import { deviceMatrix } from './device-matrix.ts';
import type { Report } from './report.ts';

const card = (description: string) => ({ kind: 'gpu', description, software: false }) as const;

function runOn(description: string, createdAt: string, ratio: number): Report {
  const report = sampleReport();
  const device = card(description);
  const comparison = report.comparisons[0];
  if (!comparison) throw new Error('the sample report must have a comparison');
  return {
    ...report,
    createdAt,
    results: [
      sampleResult({ subject: 'webgpu', device, callMs: 1 }),
      sampleResult({ subject: 'tfjs-webgpu', device, callMs: 2 }),
      sampleResult({ subject: 'pytorch compile', device, callMs: ratio, kind: 'peer' }),
      sampleResult({ subject: 'pytorch eager', device, callMs: 8, kind: 'peer' }),
    ],
    comparisons: [
      { ...comparison, subject: 'webgpu', against: 'pytorch eager', ratio: 1 / 8, verdict: 'faster' },
      { ...comparison, subject: 'webgpu', against: 'pytorch compile', ratio: 1 / ratio, verdict: 'faster' },
      { ...comparison, subject: 'webgpu', against: 'tfjs-webgpu', ratio: 1 / 2, verdict: 'faster' },
    ],
  };
}

test('each card has its best of ours, against the peer that comes closest', () => {
  const { questions, rows } = deviceMatrix([
    runOn('Card A', '2026-01-01T00:00:00.000Z', 1.5),
    runOn('Card B', '2026-02-01T00:00:00.000Z', 3),
  ]);
  expect(questions).toEqual([{ activation: 'gelu', direction: 'forward', dtype: 'float32', elements: 4096 }]);
  expect(rows.map(({ device }) => device)).toEqual(['Card B', 'Card A']);
  const [cell] = rows[1]?.cells ?? [];
  expect(cell).toMatchObject({ ours: 'webgpu', ofRoof: 0.5, peer: { subject: 'pytorch compile', verdict: 'faster' } });
  expect(cell?.peer?.speedup).toBeCloseTo(1.5, 9);
});

test('software and processors are no rows', () => {
  expect(deviceMatrix([sampleReport()])).toEqual({ questions: [], rows: [] });
});

/** A small report with every kind of row, and names that try to be markup. */

import { seededRandom } from '../core/random.ts';
import { type Report, type Result, schemaName } from '../core/report.ts';
import { summarize } from '../core/statistics.ts';

export const hostileName = `<img src=x onerror="alert('1')">&`;

export function sampleReport(): Report {
  const gpu = { kind: 'gpu', description: hostileName, software: true } as const;
  const cpu = { kind: 'cpu', description: 'Processor', software: false } as const;
  const results: Result[] = [
    sampleResult({ subject: 'webgpu', device: gpu, callMs: 2 }),
    sampleResult({ subject: 'reference', device: cpu, callMs: 9 }),
    sampleResult({
      subject: hostileName,
      device: cpu,
      callMs: 3,
      kind: 'peer',
      departures: ['NaN gives 0 (must be NaN)'],
    }),
    {
      ...sampleResult({ subject: 'broken', device: cpu, callMs: 1 }),
      gate: hostileName,
      latencyMs: null,
      throughput: null,
    },
  ];
  return {
    schema: schemaName,
    createdAt: '2026-01-02T03:04:05.000Z',
    command: `bench --filter ${hostileName}`,
    effort: 'quick',
    seed: 1,
    complete: true,
    elapsedMs: 1234.5,
    machine: {
      cpu: 'Processor',
      cores: 2,
      memoryBytes: 2 ** 33,
      load: 0.1,
      system: 'Linux',
      runtime: 'Node',
      versions: { webgpu: '1' },
    },
    missing: [{ subject: 'cuda', reason: hostileName }],
    roofs: [
      {
        device: cpu,
        elements: 4096,
        dtype: 'float32',
        callMs: summaryAround(0.5),
        gigabytesPerSecond: 10,
        gpu: null,
        cold: null,
      },
    ],
    arithmetic: [{ device: gpu, operationsPerSecond: 1e12, samples: [1e12] }],
    results,
    comparisons: [
      {
        activation: 'gelu',
        direction: 'forward',
        shape: [4, 1024],
        dtype: 'float32',
        subject: 'reference',
        against: hostileName,
        lane: 'throughput',
        verdict: 'slower',
        ratio: 3,
        interval: [2.8, 3.2],
        probability: 0.001,
      },
    ],
  };
}

export interface SampleOptions {
  readonly subject: string;
  readonly device: Result['device'];
  readonly callMs: number;
  readonly kind?: Result['kind'];
  readonly departures?: readonly string[];
  readonly dtype?: Result['dtype'];
}

export function sampleResult({
  subject,
  device,
  callMs,
  kind = 'ours',
  departures = [],
  dtype = 'float32',
}: SampleOptions): Result {
  const elements = 4096;
  return {
    subject,
    kind,
    device,
    activation: 'gelu',
    direction: 'forward',
    shape: [4, 1024],
    dtype,
    door: 'native',
    bytes: 8 * elements,
    passes: 1,
    dispatches: null,
    operations: 10 * elements,
    gate: 'passed',
    departures,
    firstCallMs: 12,
    uploadMs: 1,
    readbackMs: 1,
    latencyMs: summaryAround(callMs * 1.5),
    throughput: {
      callMs: summaryAround(callMs),
      calls: 4,
      elementsPerSecond: (elements / callMs) * 1e3,
      gigabytesPerSecond: (8 * elements) / callMs / 1e6,
      ofCopy: 0.5,
      ofIdeal: 0.5,
      ofRoof: 0.5,
    },
    gpu: null,
    cold: null,
    rounds: { taken: 8, dropped: 0, discarded: 0 },
    labels: ['quick'],
  };
}

const summaryAround = (middle: number) =>
  summarize(
    [0.98, 1.01, 1, 0.99, 1.02, 1, 1.01, 0.99].map((factor) => factor * middle),
    seededRandom(0.5),
  );

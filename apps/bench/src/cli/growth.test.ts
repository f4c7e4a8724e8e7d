import { expect, test } from 'vitest';
import { sampleResult } from '../testing/sample-report.ts';
import { growthTable } from './growth.ts';

const device = { kind: 'cpu', description: 'Processor', software: false } as const;
const at = (subject: string, elements: number, callMs: number) => ({
  ...sampleResult({ subject, device, callMs }),
  shape: [elements / 1024, 1024],
});

test('a line of bars for each subject, higher where an element takes longer', () => {
  const rows = [at('wasm', 2 ** 12, 0.004096), at('wasm', 2 ** 20, 1.048576), at('slow', 2 ** 20, 1048.576)];
  const lines = growthTable(rows);
  expect(lines.map((line) => line.trimEnd())).toEqual([
    'gelu forward on CPU, nanoseconds per element',
    `${' '.repeat(33)}  2^12  2^20`,
    '  wasm                        ▁▁   1.00  1.00',
    '  slow                         █      –  1000',
    '',
  ]);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
});

test('one size is no curve', () => {
  expect(growthTable([at('wasm', 2 ** 12, 1), at('slow', 2 ** 12, 2)])).toEqual([]);
});

test('many sizes and long names keep to 80 columns', () => {
  const sizes = Array.from({ length: 12 }, (_, power) => 2 ** (power + 12));
  const lines = growthTable(sizes.map((size) => at('a subject with a name that is too long', size, size * 12.345e-3)));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

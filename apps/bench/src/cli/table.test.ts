import { expect, test } from 'vitest';
import { sampleReport } from '../testing/sample-report.ts';
import { bar, caseTable, wrapped } from './table.ts';

test('a table fits 80 columns and keeps software apart', () => {
  const lines = caseTable(sampleReport().results);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.map((line) => line.trimEnd()).join('\n')).toMatchInlineSnapshot(`
    "gelu forward, 4×1024 float32

    software GPU <img src=x onerror="alert('1')">&, not ranked among GPUs
                                  latency per call elements of roof passes  speed
    ● webgpu                      3.00 ms  2.00 ms 2.05 M/s    50 %      1  ████████

    CPU Processor
                                  latency per call elements of roof passes  speed
    ○ <img src=x onerror="alert(… 4.50 ms  3.00 ms 1.37 M/s    50 %      1  ████████
    ● reference                   13.5 ms  9.00 ms  455 k/s    50 %      1  ██▋
      broken: no number, <img src=x onerror="alert('1')">&"
  `);
});

test('what lacks a data type is one line below the others, of every class', () => {
  const [gpu, cpu] = sampleReport().results;
  if (!gpu || !cpu) throw new Error('the sample report must have rows');
  const lacking = (row: typeof gpu, subject: string) => ({
    ...row,
    ...({ subject, dtype: 'float16', gate: 'unsupported: no float16', latencyMs: null, throughput: null } as const),
  });
  const rows = [{ ...gpu, dtype: 'float16' } as const, lacking(cpu, 'reference'), lacking(cpu, 'tfjs-cpu composed')];
  const lines = caseTable(rows).map((line) => line.trimEnd());
  expect(lines[0]).toBe('gelu forward, 4×1024 float16');
  expect(lines.slice(-2)).toEqual(['CPU Processor', '  unsupported: no float16 (reference, tfjs-cpu composed)']);
});

test('bars are exact to an eighth of a cell', () => {
  expect(bar(1)).toBe('████████');
  expect(bar(0.55)).toBe('████▍');
  expect(bar(1e-9)).toBe('▏');
});

test('long words are cut, others wrapped', () => {
  const lines = wrapped(`a ${'b'.repeat(200)} c`);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
});

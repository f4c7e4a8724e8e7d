import { expect, test } from 'vitest';
import { notReached } from '../core/report.ts';
import { sampleReport, sampleResult } from '../testing/sample-report.ts';
import { conclude } from './conclude.ts';
import { exitCodes } from './exit-codes.ts';

const device = { kind: 'cpu', description: 'Processor', software: false } as const;
const row = (gate: string, kind: 'ours' | 'peer' = 'ours') => ({
  ...sampleResult({ subject: 'a', device, callMs: 1, kind }),
  gate,
});
const said = (...gates: Parameters<typeof row>[]) => {
  const lines: string[] = [];
  const results = gates.map((each) => row(...each));
  const code = conclude({ ...sampleReport(), results, comparisons: [] }, null, false, (line) => lines.push(line));
  return { code, lines };
};

test('a wrong result of ours is an exit with 1, and the reason is said', () => {
  const { code, lines } = said(['passed'], ['y[3] must be 1 (was 2)']);
  expect(code).toBe(exitCodes.wrong);
  expect(lines).toEqual(['  wrong: a gelu forward, y[3] must be 1 (was 2)']);
});

test('neither a wrong peer nor what the time did not reach is a fault of ours', () => {
  expect(said(['y[3] must be 1 (was 2)', 'peer'], [notReached])).toEqual({ code: exitCodes.fine, lines: [] });
});

test('an interruption is told as such, whatever was measured', () => {
  const report = { ...sampleReport(), results: [row('wrong')], comparisons: [] };
  expect(conclude(report, null, true, () => {})).toBe(exitCodes.interrupted);
});

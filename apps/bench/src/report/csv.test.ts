import { expect, test } from 'vitest';
import { sampleReport } from '../testing/sample-report.ts';
import { toCsv } from './csv.ts';

test('a line per row, with quotes doubled and no formulas', () => {
  const report = sampleReport();
  const [row] = report.results;
  if (!row) throw new Error('no row');
  const lines = toCsv({ ...report, results: [{ ...row, subject: '=1+1', gate: 'says "no", then stops' }] }).split(
    '\r\n',
  );
  expect(lines[0]).toMatch(/^subject,kind,device,/);
  expect(lines[1]).toMatch(/^'=1\+1,ours,/);
  expect(lines[1]).toContain('"says ""no"", then stops"');
});

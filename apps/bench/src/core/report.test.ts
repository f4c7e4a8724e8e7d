import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { sampleReport } from '../testing/sample-report.ts';
import { jsonSchema, parseReport } from './report.ts';

const published: object = JSON.parse(
  readFileSync(new URL('../../schema/isoact.bench.1.json', import.meta.url), 'utf8'),
);

test('the published schema is the one that the types come from', () => {
  expect(published).toEqual(jsonSchema());
});

test('a report fits the published schema', () => {
  const validate = new Ajv2020({ strict: true, formats: { 'date-time': true } }).compile(published);
  validate(sampleReport());
  expect(validate.errors).toBeNull();
});

test('a report survives the way through a file', () => {
  const report = sampleReport();
  expect(parseReport(JSON.stringify(report), 'the file')).toEqual(report);
});

test.each([
  ['not JSON', 'hello', 'must be JSON'],
  ['another version', JSON.stringify({ ...sampleReport(), schema: 'isoact.bench/2' }), 'schema'],
  ['a field of another type', JSON.stringify({ ...sampleReport(), seed: 'one' }), 'seed'],
])('%s is refused with a reason', (_, text, reason) => {
  expect(() => parseReport(text, 'old.json')).toThrow(reason);
});

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { sampleReport } from '../testing/sample-report.ts';
import { firstSchemaName, jsonSchemas, parseReport, schemaName } from './report.ts';

const published = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../schema/${name.replace('/', '.')}.json`, import.meta.url), 'utf8'));
const errorsOf = (name: string, value: unknown) => {
  const validate = new Ajv2020({ strict: true, formats: { 'date-time': true } }).compile(published(name));
  validate(value);
  return validate.errors;
};

/** As an earlier version wrote it. */
function firstReport() {
  const { roofs, comparisons, ...report } = sampleReport();
  return {
    ...report,
    schema: firstSchemaName,
    roofs: roofs.map(({ dtype: _, ...roof }) => roof),
    comparisons: comparisons.map(({ dtype: _, ...row }) => row),
  };
}

test.each(Object.entries(jsonSchemas()))(
  'the published schema %s is the one that the types come from',
  (name, schema) => {
    expect(published(name)).toEqual(schema);
  },
);

test('a report fits the published schema', () => {
  expect(errorsOf(schemaName, sampleReport())).toBeNull();
});

test('a report of the first version fits its schema, and is read as one of float32', () => {
  expect(errorsOf(firstSchemaName, firstReport())).toBeNull();
  expect(errorsOf(firstSchemaName, sampleReport())).not.toBeNull();
  expect(parseReport(JSON.stringify(firstReport()), 'the file')).toEqual(sampleReport());
});

test('a report survives the way through a file', () => {
  const report = sampleReport();
  expect(parseReport(JSON.stringify(report), 'the file')).toEqual(report);
});

test.each([
  ['not JSON', 'hello', 'must be JSON'],
  ['another version', JSON.stringify({ ...sampleReport(), schema: 'isoact.bench/9' }), 'schema'],
  ['a roof without a data type', JSON.stringify({ ...firstReport(), schema: schemaName }), 'roofs.0.dtype'],
  ['a field of another type', JSON.stringify({ ...sampleReport(), seed: 'one' }), 'seed'],
])('%s is refused with a reason', (_, text, reason) => {
  expect(() => parseReport(text, 'old.json')).toThrow(reason);
});

/** Every committed result of a real GPU is what the page and the reports can read. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { jsonSchemas, parseReport } from './core/report.ts';

const folder = new URL('../results/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('only results and their README lie there', () => {
  expect(readdirSync(folder).filter((name) => !name.endsWith('.json'))).toEqual(['README.md']);
});

// Without a file there is nothing to read; the matrix says then that there is none.
describe.skipIf(files.length === 0)('each result', () => {
  test.each(files)('%s fits the schema and has a GPU', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const value = JSON.parse(text);
    const schema = jsonSchemas()[value.schema];
    if (!schema) throw new Error(`There must be a schema of ${value.schema} (is none).`);
    const validate = new Ajv2020({ strict: true, formats: { 'date-time': true } }).compile(schema);
    validate(value);
    expect(validate.errors).toBeNull();
    const { command, results } = parseReport(text, name);
    expect(command).not.toBe('');
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]*\.json$/);
    const onGpu = results.filter(({ device }) => device.kind === 'gpu');
    expect(onGpu.length).toBeGreaterThan(0);
    expect(onGpu.filter(({ device }) => device.software)).toEqual([]);
  });
});

/** The suite over it, with the test runner of Node: `node --test`. */
import { equal } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conformance, reportMarkdown, runConformance } from '@isoact/core/conformance';
import { createForeignBackend, expectedFailures } from './foreign-backend.js';

const options = { activations: ['relu', 'sigmoid', 'gelu'], expected: expectedFailures, quick: true };

// one test for each activation, direction and group of cases
conformance({ describe, test, createBackend: createForeignBackend, ...options });

// or without a runner, as a report
test('the report', async () => {
  const report = await runConformance(createForeignBackend(), options);
  console.log(reportMarkdown(report));
  equal(report.passed, true);
  equal(
    report.results.map(({ activation, grade }) => `${activation} ${grade}`).join(),
    'relu exact,sigmoid D,gelu null',
  );
});

test('fails where a known failure is not known', async () => {
  const report = await runConformance(createForeignBackend(), { ...options, expected: [] });
  equal(report.passed, false);
});

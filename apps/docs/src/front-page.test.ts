/** What the README shows is made from what is committed, and from nothing else. */
import { readFileSync } from 'node:fs';
import { catalogue } from '@isoact/core';
import { parseReport } from '@isoact-apps/bench/report';
import { speedPlot } from '@isoact-apps/bench/speed-plot';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { docsFolder } from './folder.ts';
import { digest, type Grades, gradesTable, withGrades } from './grades.ts';

const read = (name: string): string => readFileSync(new URL(name, docsFolder), 'utf8');
const cells = (text: string): string => text.replace(/[ -]+/g, ' ');

test('the table of grades is that of docs/grades.json, with every activation (else: pnpm docs:grades REPORT.json)', () => {
  const grades: Grades = JSON.parse(read('grades.json'));
  const readme = read('../README.md');
  // A formatter may pad the cells.
  expect(cells(withGrades(readme, gradesTable(grades, Object.keys(catalogue))))).toBe(cells(readme));
  for (const { name, activations } of grades.subjects) {
    expect(Object.keys(activations).sort(), name).toEqual(Object.keys(catalogue).sort());
  }
});

test('a report that did not pass gives no grades', () => {
  const subject = { name: 'webgpu', passed: false } as never;
  expect(() => digest({ subjects: [subject] } as never)).toThrow('The report must have passed (webgpu did not).');
});

test('the plot of speeds is that of the committed run (else: pnpm bench plot apps/bench/results/nvidia-h200.json --svg docs/speed.svg)', () => {
  const result = read('../apps/bench/results/nvidia-h200.json');
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const picture = speedPlot(parseReport(result, 'nvidia-h200.json'), { document, activations: ['velu', 'gelu'] });
  expect(read('speed.svg')).toBe(picture);
});

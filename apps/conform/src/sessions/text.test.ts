import { expect, test } from 'vitest';
import { fromText, toText } from './text.ts';

test('what a report may hold comes back as it was', () => {
  const report = {
    numbers: [0, -0, 1.5, Number.NaN, Infinity, -Infinity],
    none: null,
    text: 'NaN',
    number: { number: 1 },
  };
  expect(fromText(toText(report))).toStrictEqual(report);
});

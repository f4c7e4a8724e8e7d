import { expect, test } from 'vitest';
import { checkPrinted } from './printed.ts';

test('numbers are found among other text, to the digits of float32', () => {
  checkPrinted('Float32Array(3) [ -1.0351877, 0, 5.333987e-1 ]', [-1.03518779, 0, 0.533398746]);
});

test.each(['', 'NaN', 'Float32Array(3) [ -1.036, 0, 0.5333987 ]', '[ -1.0351877, 0 ]'])('%s is not it', (text) => {
  expect(() => checkPrinted(text, [-1.03518779, 0, 0.533398746])).toThrow('must print');
});

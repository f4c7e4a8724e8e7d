import { allowConsole } from '@isoact-tooling/vitest';
import { expect, test } from 'vitest';
import { takeStrayLines } from './strayConsole.ts';

test('output of a test is held back and counted', () => {
  console.warn('%d kernels', 3);
  expect(takeStrayLines()).toEqual(['console.warn: 3 kernels']);
});

test('a test that allows output passes', () => {
  allowConsole();
  console.log('this line is meant to be seen');
  expect(takeStrayLines()).toEqual([]);
});

test.fails('a test with stray output fails', () => {
  console.error('stray');
});

test('the permission ends with its test', () => {
  console.error('stray');
  expect(takeStrayLines()).toHaveLength(1);
});

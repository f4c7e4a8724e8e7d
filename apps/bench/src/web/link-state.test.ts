import { expect, test } from 'vitest';
import { readLink, writeLink } from './link-state.ts';

test('a link restores the state', () => {
  const state = {
    ...readLink(''),
    tab: 'explore',
    effort: 'full',
    activations: ['relu'],
    directions: ['vjp'],
    dtypes: ['float32', 'float16'],
    subjects: ['webgpu', 'tfjs-wasm composed'],
    elements: [1024, 2 ** 20],
    seed: 7,
    run: true,
    explored: 'elu',
    parameters: { alpha: 0.5 },
  } as const;
  expect(readLink(writeLink(state))).toEqual(state);
});

test('the state at first needs no link', () => {
  expect(writeLink(readLink(''))).toBe('');
});

test.each([
  '#activations=evil&seed=-1&elements=3&tab=__proto__&dtypes=int8',
  '#%%%',
  '#parameters=alpha:x,beta,&run=yes',
])('what %s says is left out', (hash) => {
  expect(readLink(hash)).toEqual(readLink(''));
});

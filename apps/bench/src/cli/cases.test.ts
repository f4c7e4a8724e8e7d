import { expect, test } from 'vitest';
import { casesOf } from './cases.ts';

const titles = (extents: readonly string[]) =>
  casesOf({ activations: ['velu', 'gelu'], extents }, [2 ** 12])
    .filter(({ direction }) => direction === 'forward')
    .map(({ name, activation, channelAxis }) => [name, activation.options.extent, channelAxis]);

test('extents are asked of activations that have one, and named where they are not its own', () => {
  expect(titles([])).toEqual([
    ['velu', 'row', undefined],
    ['gelu', undefined, undefined],
  ]);
  expect(titles(['row', 'channel', 'tensor'])).toEqual([
    ['velu', 'row', undefined],
    ['velu over channel', 'channel', 1],
    ['velu over tensor', 'tensor', undefined],
    ['gelu', undefined, undefined],
  ]);
});

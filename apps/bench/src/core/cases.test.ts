import { expect, test } from 'vitest';
import { type Axes, casesOf } from './cases.ts';

const axes: Axes = { activations: ['velu', 'gelu'], extents: [], directions: ['forward'], dtypes: ['float32'] };

const titles = (extents: readonly string[]) =>
  casesOf({ ...axes, extents }, [2 ** 12]).map(({ name, activation, channelAxis }) => [
    name,
    activation.options.extent,
    channelAxis,
  ]);

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

test('data types stand beside each other, so that a run that ends early has both', () => {
  const cases = casesOf(
    { ...axes, activations: ['gelu'], directions: ['forward', 'vjp'], dtypes: ['float32', 'float16'] },
    [64],
  );
  expect(cases.map(({ direction, dtype }) => [direction, dtype])).toEqual([
    ['forward', 'float32'],
    ['forward', 'float16'],
    ['vjp', 'float32'],
    ['vjp', 'float16'],
  ]);
});

import { type TensorSpec, velu } from '@isoact/core';
import { plan, sequentialTarget } from '@isoact/core/plan';
import { expect, test } from 'vitest';
import { formOf } from './form.ts';

const planned = (shape: number[], more: Partial<TensorSpec> = {}) =>
  plan(velu(), { shape, dtype: 'float32', ...more }, 'vjp', sequentialTarget);
const form = (shape: number[], more?: Partial<TensorSpec>) => formOf(planned(shape, more), {});

test('plans for tensors of one form share a module, whatever the lengths', () => {
  expect(form([2, 1024])).toBe(form([3, 77]));
});

test('a module depends on axes of length 1, on how parameters vary, on what is gathered, and on options', () => {
  const own = planned([2, 1024]);
  const others = [
    form([2, 1]),
    form([2, 1024], { parameterShapes: { lambda: [1024] } }),
    form([2, 1024], { parameterGradients: [] }),
    formOf({ ...own, passes: own.passes.map((pass) => ({ ...pass, gathers: [] })) }, {}),
    formOf(own, { keeps: false }),
  ];
  expect(new Set([formOf(own, {}), ...others]).size).toBe(1 + others.length);
});

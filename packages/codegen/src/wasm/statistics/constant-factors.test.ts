import { type Activation, defineActivation, type Pass, trainable, velu } from '@isoact/core';
import { mean, mul, parameter } from '@isoact/core/expression';
import { plan, sequentialTarget, variationIn } from '@isoact/core/plan';
import { expect, test } from 'vitest';
import { shareSums } from './constant-factors.ts';

/** How the gathers of a gradient's first pass over rows of eight are taken. */
function shared(activation: Activation) {
  const { passes, layout } = plan(activation, { shape: [4, 8], dtype: 'float32' }, 'vjp', sequentialTarget);
  const { local, gathers } = passes[0] as Pass;
  return shareSums(local?.levels ?? [], gathers, (node) => variationIn(layout)(node).has(1));
}

test("the gradients of velu's statistic and of its factor are one sum over each row", () => {
  const { levels, across, ofGroups } = shared(velu());
  expect(across).toEqual([]);
  const [[, ofRow] = [], ...more] = levels;
  expect(more).toEqual([]);
  expect(ofGroups).toMatchObject([{ gather: { spanned: [0, 1], operand: ofRow?.gather.operand } }]);
  expect(ofRow).toMatchObject({ factor: parameter('lambda'), gather: { spanned: [1] } });
});

test('a factor without bounds stays in the sum: an infinite one makes NaN of terms of either sign', () => {
  const scaled = defineActivation({
    name: 'scaled',
    parameters: { factor: trainable(1) },
    forward: (x, { factor }) => mul(factor, mul(x, mean(x, 'row'))),
    limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
  });
  const { across, ofGroups } = shared(scaled());
  expect(ofGroups).toEqual([]);
  expect(across).toMatchObject([{ spanned: [0, 1] }]);
});

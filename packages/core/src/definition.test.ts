import { expect, expectTypeOf, test } from 'vitest';
import { leakyRelu, swish, velu } from './index.ts';

test('settings override defaults, aliases name the same parameter, presets spread', () => {
  expect(velu({ alpha: 0.5 }).parameters).toMatchObject({ alpha: 0.5, beta1: 0.1, gain: 0.9 });
  expect(velu({ ...velu.presets.guarded, alpha: 2 }).parameters).toMatchObject({ epsilon: 1e-3, alpha: 2 });
  expect(leakyRelu(leakyRelu.presets.tfjsLayers).parameters).toEqual({ slope: 0.3 });
  // @ts-expect-error an alias is for callers in JavaScript and for saved configurations
  expect(velu({ momentum: 0.5 }).parameters.gain).toBe(0.5);
});

test('only parameters that train have gradients, and the compiler knows which', () => {
  expectTypeOf(swish().trainable).toEqualTypeOf<readonly 'beta'[]>();
  expectTypeOf(velu().trainable).toEqualTypeOf<readonly 'lambda'[]>();
  expect(velu().trainable).toEqual(['lambda']);
  expect(Object.keys(velu().vjp.parameters)).toEqual(['lambda']);
});

test('an unknown setting, or a value out of its domain, is refused with its name', () => {
  // @ts-expect-error a misspelt name does not compile
  expect(() => velu({ aplha: 1 })).toThrow('a setting of velu must be one of "alpha"');
  expect(() => velu({ epsilon: 0 })).toThrow("velu's epsilon must be a finite number above 0 (was 0)");
  expect(() => velu({ alpha: Number.NaN })).toThrow("velu's alpha must be a finite number (was NaN)");
  // @ts-expect-error nor does an unknown choice
  expect(() => velu({ statistic: 'max' })).toThrow('velu\'s statistic must be one of "inverseRms", "std" (was "max")');
  expect(() => velu({ adaptClip: [2, 1] })).toThrow(
    "velu's adaptClip must be null or [low, high] with low < high (was [2, 1])",
  );
});

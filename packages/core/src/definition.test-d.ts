import { expectTypeOf, test } from 'vitest';
import { mul } from './expression/index.ts';
import {
  type Activation,
  choice,
  createReferenceBackend,
  defineActivation,
  fixed,
  prelu,
  relu,
  trainable,
  velu,
} from './index.ts';

const unknown = { value: null, slope: null };
const scaled = defineActivation({
  name: 'scaled',
  parameters: { scale: trainable(1), base: fixed(1, { above: 0 }) },
  options: { mode: choice('once', 'twice') },
  presets: { double: { base: 2, mode: 'twice' } },
  forward: (x, { scale, base }, { mode }) => {
    expectTypeOf(mode).toEqualTypeOf<'once' | 'twice'>();
    return mul(mode === 'once' ? mul(scale, base) : scale, mul(base, x));
  },
  limits: () => ({ negative: unknown, positive: unknown }),
});

test('settings of the catalogue', () => {
  velu({ alpha: 1, extent: 'tensor', statistic: 'std', adaptClip: null });
  // @ts-expect-error a misspelt parameter
  velu({ aplha: 1 });
  // @ts-expect-error a parameter is a number
  velu({ alpha: '1' });
  // @ts-expect-error an extent that there is not
  velu({ extent: 'batch' });
  // @ts-expect-error relu has no parameters
  relu({ slope: 1 });
});

test("settings of a user's own definition", () => {
  scaled({ scale: 2, base: 3, mode: 'twice' });
  scaled(scaled.presets.double);
  // @ts-expect-error a misspelt parameter
  scaled({ scael: 2 });
  // @ts-expect-error a choice that there is not
  scaled({ mode: 'thrice' });
});

test('which parameters train is part of the type', () => {
  expectTypeOf(velu()).toEqualTypeOf<Activation<'lambda'>>();
  expectTypeOf(prelu()).toEqualTypeOf<Activation<'slope'>>();
  expectTypeOf(relu().trainable).toEqualTypeOf<readonly never[]>();
  expectTypeOf(scaled()).toEqualTypeOf<Activation<'scale'>>();
});

test('gradients are asked for of parameters that train, and of no other', async () => {
  const backend = createReferenceBackend();
  const spec = { shape: [4], dtype: 'float32' } as const;
  await backend.compile(velu(), { ...spec, parameterGradients: ['lambda'] });
  await backend.compile(scaled(), { ...spec, parameterGradients: ['scale'] });
  await backend.compile(velu() as Activation, { ...spec, parameterGradients: ['any'] });
  // @ts-expect-error alpha does not train
  await backend.compile(velu(), { ...spec, parameterGradients: ['alpha'] });
  // @ts-expect-error nor does a user's own base
  await backend.compile(scaled(), { ...spec, parameterGradients: ['base'] });
  // @ts-expect-error relu has none
  await backend.compile(relu(), { ...spec, parameterGradients: ['slope'] });
});

test('what a definition may say', () => {
  defineActivation({
    name: 'odd',
    parameters: { scale: trainable(1) },
    // @ts-expect-error a parameter that is not declared
    forward: (x, { slope }) => mul(slope, x),
    limits: () => ({ negative: unknown, positive: unknown }),
  });
  // @ts-expect-error a bound that domains do not have
  fixed(1, { below: 2 });
  // @ts-expect-error limits are part of a definition
  defineActivation({ name: 'odd', forward: (x) => x });
  defineActivation({
    name: 'odd',
    parameters: { scale: trainable(1) },
    forward: (x, { scale }) => mul(scale, x),
    limits: () => ({ negative: unknown, positive: unknown }),
    // @ts-expect-error an alias of a parameter that there is not
    aliases: { rate: 'slope' },
  });
});

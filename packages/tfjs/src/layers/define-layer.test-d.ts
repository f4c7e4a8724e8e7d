import { defineActivation, fixed, trainable } from '@isoact/core';
import { mul } from '@isoact/core/expression';
import { test } from 'vitest';
import { PreluLayer, SwishLayer, VeluLayer } from './catalogue.ts';
import { activationLayer } from './define-layer.ts';

const unknown = { value: null, slope: null };
const ScaledLayer = activationLayer(
  'TypeTestScaledLayer',
  defineActivation({
    name: 'scaled',
    parameters: { scale: trainable(1), base: fixed(1) },
    forward: (x, { scale, base }) => mul(mul(scale, base), x),
    limits: () => ({ negative: unknown, positive: unknown }),
  }),
);

test('a layer trains what trains, and nothing else', () => {
  new SwishLayer({ trains: ['beta'] });
  new VeluLayer({ trains: ['lambda'], perChannel: ['lambda'] });
  new ScaledLayer({ trains: ['scale'] });
  // @ts-expect-error velu's alpha does not train
  new VeluLayer({ trains: ['alpha'] });
  // @ts-expect-error nor has it a gradient per channel
  new VeluLayer({ perChannel: ['alpha'] });
  // @ts-expect-error a misspelt name
  new PreluLayer({ perChannel: ['slopes'] });
  // @ts-expect-error the same for a definition of one's own
  new ScaledLayer({ trains: ['base'] });
  // @ts-expect-error and for its settings
  new ScaledLayer({ scael: 2 });
});

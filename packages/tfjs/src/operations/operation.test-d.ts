import type * as definitions from '@isoact/core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { expectTypeOf, test } from 'vitest';
import { relu, velu } from './catalogue.ts';
import type { OperationSettings } from './operation.ts';

declare const x: Tensor;
declare const lambda: Scalar;

test('settings are those of the definition, parameters as numbers or tensors', () => {
  expectTypeOf(velu(x, { alpha: 0.5, lambda, extent: 'tensor', adaptClip: [0.5, 2] })).toEqualTypeOf<Tensor>();
  expectTypeOf<OperationSettings<typeof definitions.velu>['statistic']>().toEqualTypeOf<
    'inverseRms' | 'std' | undefined
  >();
  expectTypeOf<OperationSettings<typeof definitions.prelu>['slope']>().toEqualTypeOf<number | Tensor | undefined>();
  // @ts-expect-error an option that there is not
  velu(x, { statistic: 'median' });
  // @ts-expect-error a parameter that relu has not
  relu(x, { alpha: 1 });
});

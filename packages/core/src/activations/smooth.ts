/** Activations of one element that are smooth, or smooth on either side of zero. */
import { defineActivation, fixed, trainable } from '../definition.ts';
import { erfc, expm1, lessOrEqual, mul, select, sigmoid, vanishingProduct } from '../expression/build.ts';

/** x > 0 ? x : α·expm1(x). */
export const elu = defineActivation({
  name: 'elu',
  source: 'Clevert, Unterthiner and Hochreiter 2015, arXiv:1511.07289',
  parameters: { alpha: fixed(1) },
  forward: (x, { alpha }) => select(lessOrEqual(x, 0), mul(alpha, expm1(x)), x),
  limits: ({ alpha }) => ({
    negative: { value: -alpha, slope: 0 },
    positive: { value: Number.POSITIVE_INFINITY, slope: 1 },
  }),
  kinks: ({ alpha }) => [{ at: 0, slope: alpha }],
});

/** x·σ(β·x); SiLU where β is 1. */
export const swish = defineActivation({
  name: 'swish',
  source: 'Ramachandran, Zoph and Le 2017, arXiv:1710.05941',
  parameters: { beta: trainable(1) },
  forward: (x, { beta }) => vanishingProduct(x, sigmoid(mul(beta, x))),
  limits: ({ beta }) =>
    beta > 0
      ? { negative: { value: -0, slope: 0 }, positive: { value: Number.POSITIVE_INFINITY, slope: 1 } }
      : { negative: { value: null, slope: null }, positive: { value: null, slope: null } },
});

/** x·Φ(x) with the Gaussian distribution function Φ, by erfc, so that its negative tail does not cancel. */
export const gelu = defineActivation({
  name: 'gelu',
  source: 'Hendrycks and Gimpel 2016, arXiv:1606.08415',
  forward: (x) => vanishingProduct(x, mul(0.5, erfc(mul(-Math.SQRT1_2, x)))),
  limits: () => ({
    negative: { value: -0, slope: 0 },
    positive: { value: Number.POSITIVE_INFINITY, slope: 1 },
  }),
});

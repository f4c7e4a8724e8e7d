/**
 * VeLU (Shakarami et al. 2025): x·σ of an arctan-arcsin mix of x, scaled by a statistic of the group.
 *
 * The paper's Eq. 4 is not the derivative of its own function and is not used: the gradient is derived like any other.
 */
import {
  assembleDefinition,
  choice,
  extentOption,
  fixed,
  flag,
  type Interval,
  intervalOption,
  trainable,
} from '../definition.ts';
import {
  add,
  asin,
  atan,
  detach,
  div,
  lessOrEqual,
  mean,
  moments,
  mul,
  select,
  sigmoid,
  sqrt,
  square,
  sub,
  tanh,
} from '../expression/build.ts';
import type { Expression, Extent } from '../expression/node.ts';
import { undeclaredLimits } from './limits.ts';

/** 1/√(E[x²] + ε) (Eq. 5). */
const inverseRms = (x: Expression, extent: Extent, epsilon: Expression): Expression =>
  div(1, sqrt(add(mean(square(x), extent), epsilon)));

const standardDeviation = (x: Expression, extent: Extent): Expression => sqrt(moments(x, extent).variance);

/** The squared Wasserstein-2 distance to N(0, 1) of a Gaussian with these moments (Eq. 3). */
const squaredTransport = (t: Expression): Expression => {
  const { mean, variance } = moments(t, 'tensor');
  return add(square(mean), square(sub(sqrt(variance), 1)));
};

/** Clipped by select, so that the derivative is 0 on the bounds and outside (Eq. 6). */
const clip = (t: Expression, interval: Interval): Expression =>
  interval ? select(lessOrEqual(t, interval[0]), interval[0], select(lessOrEqual(interval[1], t), interval[1], t)) : t;

/** λ·x·σ(α·(atan(β1·x) + asin(β2·x)))·(1 + γ·tanh(gain·S)), S a statistic of the extent. */
export const velu = assembleDefinition({
  name: 'velu',
  source: 'Shakarami et al. 2025, VeLU, Eq. 1 to 6, and its official code',
  parameters: {
    alpha: fixed(0.1),
    beta1: fixed(0.1),
    beta2: fixed(0.1),
    gamma: fixed(0.1),
    gain: fixed(0.9),
    lambda: trainable(1),
    epsilon: fixed(1e-6, { above: 0 }),
    transportWeight: fixed(0.1, { atLeast: 0 }),
  },
  aliases: { momentum: 'gain' },
  options: {
    statistic: choice('inverseRms', 'std'),
    extent: extentOption('row'),
    adaptClip: intervalOption(null),
    transport: choice('none', 'penalty', 'output'),
    detachStatistic: flag(false),
  },
  presets: {
    official: {},
    equation1: { statistic: 'std', extent: 'tensor', transport: 'output' },
    guarded: { epsilon: 1e-3, adaptClip: [0.5, 2] },
    figure2: { alpha: 2, beta1: 1, beta2: 0.7 },
  },
  forward: (x, { alpha, beta1, beta2, gamma, gain, lambda, epsilon, transportWeight }, options) => {
    const measured =
      options.statistic === 'std' ? standardDeviation(x, options.extent) : inverseRms(x, options.extent, epsilon);
    const statistic = options.detachStatistic ? detach(measured) : measured;
    const adaptation = clip(add(1, mul(gamma, tanh(mul(gain, statistic)))), options.adaptClip);
    const angle = add(atan(mul(beta1, x)), asin(mul(beta2, x)));
    const z = mul(mul(x, sigmoid(mul(alpha, angle))), adaptation);
    const y = mul(lambda, z);
    if (options.transport === 'penalty') return { y, penalty: squaredTransport(z) };
    if (options.transport === 'output') return { y: sub(y, mul(transportWeight, sqrt(squaredTransport(x)))) };
    return { y };
  },
  limits: undeclaredLimits,
  breakpoints: ({ beta2 }) => (beta2 === 0 ? [] : [-1 / beta2, 1 / beta2]),
});

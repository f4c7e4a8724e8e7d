/** The rectifiers that are linear on either side of zero. */
import { assembleDefinition, choice, fixed, type Kink, trainable } from '../definition.ts';
import { add, div, lessOrEqual, maximum, mul, neg, select, sub } from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { noise } from '../noise.ts';
import { limitsAt, undeclaredLimits } from './limits.ts';

/** x where it is positive, its product with a slope elsewhere; at 0 the slope counts, as in PyTorch and tfjs. */
const leaky = (x: Expression, slope: Expression): Expression => select(lessOrEqual(x, 0), mul(slope, x), x);
const leakyLimits = ({ slope }: { slope: number }) => limitsAt(slope === 0 ? null : -slope * Infinity, slope);
const leakyKinks = ({ slope }: { slope: number }): Kink[] => [{ at: 0, slope }];

const rectified = (x: Expression): Expression => select(lessOrEqual(x, 0), 0, x);

/** max(x, 0). Its derivative at 0 is 0, the best choice for SGD (Bertoin et al. 2021). */
export const relu = /* @__PURE__ */ assembleDefinition({
  name: 'relu',
  source: 'Nair and Hinton 2010; derivative at 0: Bertoin et al. 2021, arXiv:2106.12915',
  forward: rectified,
  limits: () => limitsAt(0, 0),
  kinks: () => [{ at: 0, slope: 0 }],
});

/** The positive and the negative part of x, max(x, 0) and max(-x, 0), side by side: twice as many channels. */
export const crelu = /* @__PURE__ */ assembleDefinition({
  name: 'crelu',
  source: 'Shang et al. 2016, arXiv:1603.05201',
  forward: (x) => [rectified(x), select(lessOrEqual(0, x), 0, neg(x))],
  limits: () => limitsAt(0, -1),
  kinks: () => [{ at: 0, slope: 0 }],
});

/** min(max(x, 0), 6). Its derivative at both bounds is declared 0. */
export const relu6 = /* @__PURE__ */ assembleDefinition({
  name: 'relu6',
  source: 'Krizhevsky 2010; derivative at 0: Bertoin et al. 2021, arXiv:2106.12915',
  forward: (x) => select(lessOrEqual(x, 0), 0, select(lessOrEqual(6, x), 6, x)),
  limits: () => limitsAt(0, 0, 6, 0),
  kinks: () => [
    { at: 0, slope: 0 },
    { at: 6, slope: 0 },
  ],
});

/** x > 0 ? x : slope·x. The default slope is that of PyTorch and ONNX; presets name those of tfjs. */
export const leakyRelu = /* @__PURE__ */ assembleDefinition({
  name: 'leakyRelu',
  source: 'Maas, Hannun and Ng 2013',
  parameters: { slope: /* @__PURE__ */ fixed(0.01) },
  presets: { tfjsCore: { slope: 0.2 }, tfjsLayers: { slope: 0.3 }, keras: { slope: 0.3 } },
  forward: (x, { slope }) => leaky(x, slope),
  limits: leakyLimits,
  kinks: leakyKinks,
});

/** x > 0 ? x : slope·x with a slope that trains, one for all or one per channel. */
export const prelu = /* @__PURE__ */ assembleDefinition({
  name: 'prelu',
  source: 'He et al. 2015, arXiv:1502.01852',
  parameters: { slope: /* @__PURE__ */ trainable(0.25) },
  forward: (x, { slope }) => leaky(x, slope),
  limits: leakyLimits,
  kinks: leakyKinks,
});

/** The slope in evaluation: the mean of those that are drawn, or one over the mean divisor. */
const meanSlope = ({ lower, upper }: { lower: number; upper: number }, { draws }: { draws: string }): number =>
  draws === 'divisor' ? 2 / (lower + upper) : (lower + upper) / 2;

/**
 * Randomized leaky ReLU. In training each element has a slope of its own, drawn from U(lower, upper) with the seed that the
 * call is given (see `noiseAt`); evaluation takes the mean slope. So does PyTorch; the paper draws the divisor of x instead,
 * which is the preset `paper`.
 */
export const rrelu = /* @__PURE__ */ assembleDefinition({
  name: 'rrelu',
  source: 'Xu et al. 2015, arXiv:1505.00853',
  parameters: { lower: /* @__PURE__ */ fixed(0.125), upper: /* @__PURE__ */ fixed(0.3333333333333333) },
  options: {
    mode: /* @__PURE__ */ choice('evaluate', 'train'),
    draws: /* @__PURE__ */ choice('slope', 'divisor'),
  },
  presets: { paper: { draws: 'divisor', lower: 3, upper: 8 } },
  forward: (x, { lower, upper }, { mode, draws }) => {
    const drawn = mode === 'train' ? add(lower, mul(sub(upper, lower), noise())) : mul(0.5, add(lower, upper));
    return draws === 'divisor' ? select(lessOrEqual(x, 0), div(x, drawn), x) : leaky(x, drawn);
  },
  limits: (parameters, { mode, draws }) =>
    mode === 'train' ? limitsAt(null, null) : leakyLimits({ slope: meanSlope(parameters, { draws }) }),
  kinks: (parameters, { mode, draws }) =>
    mode === 'train' ? [] : leakyKinks({ slope: meanSlope(parameters, { draws }) }),
});

/**
 * max(x, θ) with a threshold that trains, one for all or one per channel; a tie is θ's. So the AdaReLU paper describes it;
 * Gao et al. 2020 tie θ to each tap of a convolution's kernel.
 */
export const convRelu = /* @__PURE__ */ assembleDefinition({
  name: 'convRelu',
  source: 'Gao et al. 2020, as described by Do 2026',
  parameters: { theta: /* @__PURE__ */ trainable(0) },
  forward: (x, { theta }) => maximum(x, theta),
  limits: ({ theta }) => limitsAt(theta, 0),
  kinks: ({ theta }) => [{ at: theta, slope: 0 }],
});

/**
 * Dynamic ReLU with two lines, max(a1·x + b1, a2·x + b2); a tie is the first line's. The coefficients come from a hyper-network,
 * one set per sample (its form A) or per sample and channel (B): give them shapes that broadcast so. The defaults are ReLU.
 */
export const dyRelu = /* @__PURE__ */ assembleDefinition({
  name: 'dyRelu',
  source: 'Chen et al. 2020, arXiv:2003.10027',
  parameters: {
    a1: /* @__PURE__ */ trainable(1),
    b1: /* @__PURE__ */ trainable(0),
    a2: /* @__PURE__ */ trainable(0),
    b2: /* @__PURE__ */ trainable(0),
  },
  forward: (x, { a1, b1, a2, b2 }) => maximum(add(mul(a2, x), b2), add(mul(a1, x), b1)),
  limits: undeclaredLimits,
  kinks: ({ a1, b1, a2, b2 }) => (a1 === a2 ? [] : [{ at: (b2 - b1) / (a1 - a2), slope: a1 }]),
});

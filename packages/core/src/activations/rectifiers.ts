/** The rectifiers that are linear on either side of zero. */
import { defineActivation, fixed, type Kink, trainable } from '../definition.ts';
import { lessOrEqual, mul, select } from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';

/** x where it is positive, its product with a slope elsewhere; at 0 the slope counts, as in PyTorch and tfjs. */
const leaky = (x: Expression, slope: Expression): Expression => select(lessOrEqual(x, 0), mul(slope, x), x);
const leakyLimits = ({ slope }: { slope: number }) => ({
  negative: { value: slope === 0 ? null : -slope * Number.POSITIVE_INFINITY, slope },
  positive: { value: Number.POSITIVE_INFINITY, slope: 1 },
});
const leakyKinks = ({ slope }: { slope: number }): Kink[] => [{ at: 0, slope }];

/** max(x, 0). Its derivative at 0 is 0, the best choice for SGD (Bertoin et al. 2021). */
export const relu = defineActivation({
  name: 'relu',
  source: 'Nair and Hinton 2010; derivative at 0: Bertoin et al. 2021, arXiv:2106.12915',
  forward: (x) => select(lessOrEqual(x, 0), 0, x),
  limits: () => ({
    negative: { value: 0, slope: 0 },
    positive: { value: Number.POSITIVE_INFINITY, slope: 1 },
  }),
  kinks: () => [{ at: 0, slope: 0 }],
});

/** x > 0 ? x : slope·x. The default slope is that of PyTorch and ONNX; presets name those of tfjs. */
export const leakyRelu = defineActivation({
  name: 'leakyRelu',
  source: 'Maas, Hannun and Ng 2013',
  parameters: { slope: fixed(0.01) },
  presets: { tfjsCore: { slope: 0.2 }, tfjsLayers: { slope: 0.3 }, keras: { slope: 0.3 } },
  forward: (x, { slope }) => leaky(x, slope),
  limits: leakyLimits,
  kinks: leakyKinks,
});

/** x > 0 ? x : slope·x with a slope that trains, one for all or one per channel. */
export const prelu = defineActivation({
  name: 'prelu',
  source: 'He et al. 2015, arXiv:1502.01852',
  parameters: { slope: trainable(0.25) },
  forward: (x, { slope }) => leaky(x, slope),
  limits: leakyLimits,
  kinks: leakyKinks,
});

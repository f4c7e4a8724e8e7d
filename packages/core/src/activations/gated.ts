/** Activations that multiply x with a gate: a smooth step from 0 to 1. */
import { assembleDefinition, trainable } from '../definition.ts';
import {
  add,
  div,
  erfc,
  lessOrEqual,
  mul,
  select,
  sigmoid,
  softplus,
  square,
  tanh,
  vanishingProduct,
} from '../expression/build.ts';
import { limitsAt, undeclaredLimits } from './limits.ts';

/** Every gate closes at -∞, where x·gate is -0, and is fully open at +∞. */
const gateLimits = () => limitsAt(-0, 0);

/** x·σ(β·x); SiLU where β is 1. */
export const swish = /* @__PURE__ */ assembleDefinition({
  name: 'swish',
  source: 'Ramachandran, Zoph and Le 2017, arXiv:1710.05941',
  parameters: { beta: /* @__PURE__ */ trainable(1) },
  forward: (x, { beta }) => vanishingProduct(x, sigmoid(mul(beta, x))),
  limits: ({ beta }) => {
    if (beta > 0) return gateLimits();
    return beta === 0 ? undeclaredLimits() : limitsAt(-Infinity, 1, 0, 0);
  },
});

/** x·Φ(x) with the Gaussian distribution function Φ, by erfc, so that its negative tail does not cancel. */
export const gelu = /* @__PURE__ */ assembleDefinition({
  name: 'gelu',
  source: 'Hendrycks and Gimpel 2016, arXiv:1606.08415',
  forward: (x) => vanishingProduct(x, mul(0.5, erfc(mul(-Math.SQRT1_2, x)))),
  limits: gateLimits,
});

/** x·½(1 + tanh(√(2/π)·(x + 0.044715·x³))), written as x·σ of twice the angle. */
export const geluTanh = /* @__PURE__ */ assembleDefinition({
  name: 'geluTanh',
  source: 'Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2',
  forward: (x) => {
    const angle = mul(mul(2 * Math.sqrt(2 / Math.PI), x), add(1, mul(0.044715, square(x))));
    return vanishingProduct(x, sigmoid(angle));
  },
  limits: gateLimits,
});

/** x·tanh(softplus(x)). */
export const mish = /* @__PURE__ */ assembleDefinition({
  name: 'mish',
  source: 'Misra 2019, arXiv:1908.08681',
  forward: (x) => vanishingProduct(x, tanh(softplus(x))),
  limits: gateLimits,
});

/** x·clip(x/6 + ½, 0, 1). Its derivative is declared 0 at -3 and 1 at 3. */
export const hardSwish = /* @__PURE__ */ assembleDefinition({
  name: 'hardSwish',
  source: 'Howard et al. 2019, arXiv:1905.02244',
  forward: (x) => {
    const gate = add(div(x, 6), 0.5);
    return vanishingProduct(x, select(lessOrEqual(gate, 0), 0, select(lessOrEqual(1, gate), 1, gate)));
  },
  limits: gateLimits,
  kinks: () => [
    { at: -3, slope: 0 },
    { at: 3, slope: 1 },
  ],
});

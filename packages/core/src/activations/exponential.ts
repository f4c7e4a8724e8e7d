/** Activations that fall off exponentially on their negative side. */
import { assembleDefinition, fixed } from '../definition.ts';
import { div, expm1, lessOrEqual, softplus as log1pExp, mul, select } from '../expression/build.ts';
import { limitsAt } from './limits.ts';

/** x > 0 ? x : α·expm1(x). */
export const elu = /* @__PURE__ */ assembleDefinition({
  name: 'elu',
  source: 'Clevert, Unterthiner and Hochreiter 2015, arXiv:1511.07289',
  parameters: { alpha: /* @__PURE__ */ fixed(1) },
  forward: (x, { alpha }) => select(lessOrEqual(x, 0), mul(alpha, expm1(x)), x),
  limits: ({ alpha }) => limitsAt(-alpha, 0),
  kinks: ({ alpha }) => [{ at: 0, slope: alpha }],
});

/** λ·(x > 0 ? x : α·expm1(x)), with the constants for which mean 0 and variance 1 are a fixed point. */
export const selu = /* @__PURE__ */ assembleDefinition({
  name: 'selu',
  source: 'Klambauer et al. 2017, arXiv:1706.02515',
  parameters: { alpha: /* @__PURE__ */ fixed(1.6732632423543772), lambda: /* @__PURE__ */ fixed(1.0507009873554805) },
  forward: (x, { alpha, lambda }) => mul(lambda, select(lessOrEqual(x, 0), mul(alpha, expm1(x)), x)),
  limits: ({ alpha, lambda }) => limitsAt(-alpha * lambda, 0, Infinity, lambda),
  kinks: ({ alpha, lambda }) => [{ at: 0, slope: alpha * lambda }],
});

/** x > 0 ? x : α·expm1(x/α); its derivative is continuous for every α. */
export const celu = /* @__PURE__ */ assembleDefinition({
  name: 'celu',
  source: 'Barron 2017, arXiv:1704.07483',
  parameters: { alpha: /* @__PURE__ */ fixed(1, { above: 0 }) },
  forward: (x, { alpha }) => select(lessOrEqual(x, 0), mul(alpha, expm1(div(x, alpha))), x),
  limits: ({ alpha }) => limitsAt(-alpha, 0),
  breakpoints: () => [0],
});

/** log(1 + e^{β·x})/β. */
export const softplus = /* @__PURE__ */ assembleDefinition({
  name: 'softplus',
  source: 'Dugas et al. 2000',
  parameters: { beta: /* @__PURE__ */ fixed(1, { above: 0 }) },
  forward: (x, { beta }) => div(log1pExp(mul(beta, x)), beta),
  limits: () => limitsAt(0, 0),
});

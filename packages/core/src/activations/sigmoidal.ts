/** Activations that level off on both sides. */
import { assembleDefinition, fixed } from '../definition.ts';
import {
  abs,
  add,
  div,
  tanh as hyperbolicTangent,
  less,
  lessOrEqual,
  sigmoid as logistic,
  mul,
  select,
  sub,
} from '../expression/build.ts';
import { limitsAt } from './limits.ts';

/** 1/(1 + e^-x). */
export const sigmoid = /* @__PURE__ */ assembleDefinition({
  name: 'sigmoid',
  forward: logistic,
  limits: () => limitsAt(0, 0, 1, 0),
});

/** The hyperbolic tangent. */
export const tanh = /* @__PURE__ */ assembleDefinition({
  name: 'tanh',
  forward: hyperbolicTangent,
  limits: () => limitsAt(-1, 0, 1, 0),
});

/** x/(1 + |x|), beyond ±1 as ±(1 - 1/(1 + |x|)), which has the right limits. */
export const softsign = /* @__PURE__ */ assembleDefinition({
  name: 'softsign',
  source: 'Bergstra et al. 2009',
  forward: (x) => {
    const reciprocal = div(1, add(1, abs(x)));
    return select(less(1, x), sub(1, reciprocal), select(less(x, -1), sub(reciprocal, 1), div(x, add(1, abs(x)))));
  },
  limits: () => limitsAt(-1, 0, 1, 0),
  breakpoints: () => [-1, 1],
});

/** clip(slope·x + ½, 0, 1). Its derivative at both bounds is declared 0. */
export const hardSigmoid = /* @__PURE__ */ assembleDefinition({
  name: 'hardSigmoid',
  source: 'Courbariaux, Bengio and David 2015, arXiv:1511.00363',
  parameters: { slope: /* @__PURE__ */ fixed(0.16666666666666666, { above: 0 }) },
  presets: { keras2: { slope: 0.2 } },
  forward: (x, { slope }) => {
    const line = add(mul(slope, x), 0.5);
    return select(lessOrEqual(line, 0), 0, select(lessOrEqual(1, line), 1, line));
  },
  limits: () => limitsAt(0, 0, 1, 0),
  kinks: ({ slope }) => [
    { at: -0.5 / slope, slope: 0 },
    { at: 0.5 / slope, slope: 0 },
  ],
});

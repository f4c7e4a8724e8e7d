/** A function whose gradient needs every differentiation rule that no activation of the catalogue needs. */
import { defineActivation } from '../../define.ts';
import {
  add,
  div,
  erf,
  exp,
  log,
  log1p,
  minimum,
  mul,
  neg,
  scaleByPowerOfTwo,
  square,
  sub,
  sum,
} from '../../expression/build.ts';
import { trainable } from '../../settings.ts';

const nothing = { value: null, slope: null };

/** y = 4·(min(2x, ln(x² + 1) + ln(1 + β·x²)) + (e^(-β·x) - erf(x)) / Σ(x² + 1)), the sum over the last axis. */
export const ruleProbe = defineActivation({
  name: 'rules',
  parameters: { beta: trainable(0.7) },
  forward: (x, { beta }) => {
    const positive = add(square(x), 1);
    const logs = add(log(positive), log1p(mul(beta, square(x))));
    const growth = sub(exp(neg(mul(beta, x))), erf(x));
    return scaleByPowerOfTwo(add(minimum(mul(2, x), logs), div(growth, sum(positive, 'row'))), 2);
  },
  limits: () => ({ negative: nothing, positive: nothing }),
});

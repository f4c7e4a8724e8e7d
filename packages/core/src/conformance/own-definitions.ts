/**
 * Definitions that are in no catalogue, as a user may write them: what an adapter owes these it owes any. Each has what the
 * catalogue has not, and was once wrong somewhere.
 */
import { defineActivation } from '../define.ts';
import { type Limit, trainable } from '../definition.ts';
import { add, exp, mean, mul, sigmoid, sub, tanh } from '../expression/build.ts';

const undeclared: Limit = { value: null, slope: null };
const limits = (): { negative: Limit; positive: Limit } => ({ negative: undeclared, positive: undeclared });

/** A mean that no variance is read beside: x·σ(x)·(1 + factor·mean(x)). */
const drifting = defineActivation({
  name: 'drifting',
  parameters: { factor: trainable(0.1) },
  forward: (x, { factor }) => mul(mul(x, sigmoid(x)), add(1, mul(factor, mean(x, 'row')))),
  limits,
});

/** The distance to a mean, again without a variance: both must be taken about a pivot. */
const centred = defineActivation({ name: 'centred', forward: (x) => sub(x, mean(x, 'row')), limits });

/** x·tanh(1 + e^{βx}), whose derivative has an infinite factor behind one of 0. */
const steep = defineActivation({
  name: 'steep',
  parameters: { beta: trainable(1) },
  forward: (x, { beta }) => mul(x, tanh(add(1, exp(mul(beta, x))))),
  limits,
});

export const ownDefinitions = [drifting, centred, steep] as const;

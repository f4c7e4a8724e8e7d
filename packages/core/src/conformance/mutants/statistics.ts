/** Statistics and their gradients done wrong. */

import { velu } from '../../activations/velu.ts';
import {
  add,
  asin,
  atan,
  count,
  div,
  greater,
  greaterOrEqual,
  input,
  less,
  lessOrEqual,
  mean,
  mul,
  parameter,
  select,
  sigmoid,
  sqrt,
  square,
  tanh,
} from '../../expression/build.ts';
import type { Expression, Predicate } from '../../expression/node.ts';
import { differentiate } from '../../graph/differentiate.ts';
import type { ForwardGraph } from '../../graph/graph.ts';
import { float32Backend } from './float32-backend.ts';
import { halfPrecision, honest, overCautious, running } from './float32-sums.ts';
import { type Mutant, withGraph } from './mutant.ts';

const x = input('x');

/** AdaReLU over the whole tensor with other predicates, and the gradient that belongs to it. */
function otherAdaRelu(
  positives: Predicate,
  negatives: Predicate,
  takesMinimum: (positive: Expression, negative: Expression) => Predicate,
): { forward: ForwardGraph; vjp: ReturnType<typeof differentiate> } {
  const [positive, negative] = [count(positives, 'tensor'), count(negatives, 'tensor')];
  const y = select(
    takesMinimum(positive, negative),
    select(greaterOrEqual(x, 0), 0, x),
    select(lessOrEqual(x, 0), 0, x),
  );
  const forward: ForwardGraph = {
    y: [y],
    state: { positive: count(greater(x, 0), 'tensor'), negative: count(less(x, 0), 'tensor') },
  };
  return { forward, vjp: differentiate(forward, []) };
}

/** The derivative that the paper prints: λ·σ'·A + f·γ·μ·sech²(μ·S), without the factor x and every cross term. */
function equation4(): Expression {
  const [alpha, beta1, beta2, gamma, gain, lambda, epsilon] = [
    'alpha',
    'beta1',
    'beta2',
    'gamma',
    'gain',
    'lambda',
    'epsilon',
  ].map(parameter) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const statistic = div(1, sqrt(add(mean(square(x), 'row'), epsilon)));
  const scaled = mul(gain, statistic);
  const adaptation = add(1, mul(gamma, tanh(scaled)));
  const angle = mul(alpha, add(atan(mul(beta1, x)), asin(mul(beta2, x))));
  const slope = mul(sigmoid(angle), sigmoid(mul(-1, angle)));
  const sechSquared = mul(4, mul(sigmoid(mul(2, scaled)), sigmoid(mul(-2, scaled))));
  const y = mul(lambda, mul(mul(x, sigmoid(angle)), adaptation));
  return mul(input('upstream'), add(mul(mul(lambda, slope), adaptation), mul(y, mul(mul(gamma, gain), sechSquared))));
}

export const statisticMutants: readonly Mutant[] = [
  {
    name: 'velu with the variance of a sample',
    about: 'divides by n - 1 in the place of n',
    activation: 'velu',
    killedBy: 'statistics',
    create: () => float32Backend('n - 1', { ...honest, ddof: 1 }),
  },
  {
    name: 'velu with E[x²] - E[x]²',
    about: 'loses all digits where the offset is large beside the spread',
    activation: 'velu',
    killedBy: 'statistics',
    create: () => float32Backend('E[x²] - E[x]²', { ...honest, moments: 'squares' }),
  },
  {
    name: 'moments without a pivot',
    about: 'the mean is rounded as it stands, and x - mean with it',
    activation: 'velu',
    killedBy: 'statistics',
    create: () => float32Backend('no pivot', { ...honest, moments: 'raw' }),
  },
  {
    name: 'a running float32 sum',
    about: 'one term after the other',
    activation: 'prelu',
    killedBy: 'statistics',
    create: () => float32Backend('running sum', { ...honest, accumulator: running }),
  },
  {
    name: 'a sum that overflows too early',
    about: 'infinite from 2^125 on: near the end of the range, and within it',
    activation: 'prelu',
    killedBy: 'statistics',
    create: () => float32Backend('too early', { ...honest, accumulator: overCautious }),
  },
  {
    name: 'sums in half precision',
    about: 'float16 accumulation',
    activation: 'velu',
    killedBy: 'statistics',
    create: () => float32Backend('half precision', { ...honest, accumulator: halfPrecision }),
  },
  {
    name: "velu without the statistic's gradient path",
    about: 'S taken for a constant',
    activation: 'velu',
    killedBy: 'gradients',
    create: () =>
      withGraph('detached', 'velu', ({ options }) => ({
        vjp: velu({ ...options, detachStatistic: true } as never).vjp,
      })),
  },
  {
    name: "velu with the paper's Eq. 4 as its gradient",
    about: 'which is not the derivative of Eq. 2',
    activation: 'velu',
    killedBy: 'gradients',
    create: () => withGraph('Eq. 4', 'velu', ({ vjp }) => ({ vjp: { ...vjp, x: equation4() } })),
  },
  {
    name: 'adaRelu with ≥ in the place of >',
    about: 'a tie takes the minimum',
    activation: 'adaRelu',
    killedBy: 'statistics',
    create: () =>
      withGraph('≥', 'adaRelu', () => otherAdaRelu(greater(x, 0), less(x, 0), (p, n) => greaterOrEqual(p, n))),
  },
  {
    name: 'adaRelu counts zeros as positive',
    about: 'x ≥ 0 in the place of x > 0',
    activation: 'adaRelu',
    killedBy: 'statistics',
    create: () =>
      withGraph('zeros', 'adaRelu', () => otherAdaRelu(greaterOrEqual(x, 0), less(x, 0), (p, n) => greater(p, n))),
  },
  {
    name: 'adaRelu counts by flushed comparisons',
    about: 'subnormal numbers have no sign',
    activation: 'adaRelu',
    killedBy: 'statistics',
    create: () =>
      withGraph('flushed', 'adaRelu', () =>
        otherAdaRelu(greaterOrEqual(x, 2 ** -126), lessOrEqual(x, -(2 ** -126)), (p, n) => greater(p, n)),
      ),
  },
  {
    name: 'the deviation of a constant group has a NaN gradient',
    about: '0/0, as in the official VeLU layer',
    activation: 'velu',
    killedBy: 'statistics',
    create: () =>
      withGraph('constant group', 'velu', ({ vjp }) => ({
        vjp: { ...vjp, x: add(vjp.x, mul(0, div(1, mean(square(x), 'row')))) },
      })),
  },
];

/** Wrong formulas: the forms that frameworks have shipped, in float32 where the error is one of rounding. */
import { type Mutant, withForward, withSlope } from './mutant.ts';

const f = Math.fround;
const expf = (x: number): number => f(Math.exp(x));

/** erf by Abramowitz and Stegun 7.1.26, as tfjs has it: an absolute error of 1.5e-7. */
function abramowitzStegun(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

const sigmoidf = (x: number): number => f(1 / f(1 + expf(-x)));

export const pointwiseMutants: readonly Mutant[] = [
  {
    name: 'relu drops NaN',
    about: 'max(x, 0) on a GPU, which returns the other operand',
    activation: 'relu',
    killedBy: 'lattice',
    create: () => withForward('relu drops NaN', 'relu', (x) => (Number.isNaN(x) ? 0 : Math.max(x, 0))),
  },
  {
    name: 'relu makes NaN of -inf',
    about: 'x·step(x), as tfjs-webgl',
    activation: 'relu',
    killedBy: 'lattice',
    create: () => withForward('relu makes NaN of -inf', 'relu', (x) => x * (x > 0 ? 1 : 0)),
  },
  {
    name: 'erf by Abramowitz and Stegun',
    about: 'an absolute error of 1.5e-7 is a large relative one near 0',
    activation: 'gelu',
    killedBy: 'tails',
    create: () =>
      withForward('erf', 'gelu', (x) =>
        Number.isFinite(x)
          ? f(0.5 * x * (1 + abramowitzStegun(x * Math.SQRT1_2)))
          : x > 0
            ? x
            : Number.isNaN(x)
              ? x
              : 0,
      ),
  },
  {
    name: 'gelu by 1 + erf',
    about: 'cancels in the negative tail',
    activation: 'gelu',
    killedBy: 'tails',
    create: () =>
      withForward('1 + erf', 'gelu', (x) => {
        const erf = f(Math.sign(x) * (1 - erfcf(Math.abs(x) * Math.SQRT1_2)));
        return x === Number.NEGATIVE_INFINITY ? -0 : f(0.5 * x * f(1 + erf));
      }),
  },
  {
    name: 'gelu of -inf is NaN',
    about: '0·∞, as every framework has it',
    activation: 'gelu',
    killedBy: 'lattice',
    create: () =>
      withForward('gelu of -inf', 'gelu', (x) =>
        x === Number.NEGATIVE_INFINITY ? Number.NaN : x * 0.5 * erfcf(-x * Math.SQRT1_2),
      ),
  },
  {
    name: 'sigmoid clamped at ±18',
    about: 'as ORT CPU: sigmoid(-20) is not 2.06e-9',
    activation: 'sigmoid',
    killedBy: 'tails',
    create: () => withForward('clamped', 'sigmoid', (x) => 1 / (1 + Math.exp(-Math.min(Math.max(x, -18), 18)))),
  },
  {
    name: 'elu by exp(x) - 1',
    about: 'cancels near 0',
    activation: 'elu',
    killedBy: 'cancellation',
    create: () => withForward('exp(x) - 1', 'elu', (x) => (x > 0 ? x : f(expf(x) - 1))),
  },
  {
    name: 'σ(1-σ) as the slope of sigmoid',
    about: '1 - σ has lost its digits where σ is near 1',
    activation: 'sigmoid',
    killedBy: 'tails',
    create: () =>
      withSlope('σ(1-σ)', 'sigmoid', (x) => {
        const s = sigmoidf(x);
        return f(s * f(1 - s));
      }),
  },
  {
    name: '1 - tanh² as the slope of tanh',
    about: 'cancels where tanh is near 1',
    activation: 'tanh',
    killedBy: 'tails',
    create: () =>
      withSlope('1 - tanh²', 'tanh', (x) => {
        const t = f(Math.tanh(x));
        return f(1 - f(t * t));
      }),
  },
  {
    name: 'softplus by log(1 + e^x)',
    about: 'overflows from x = 89 on',
    activation: 'softplus',
    killedBy: 'tails',
    create: () => withForward('log(1 + e^x)', 'softplus', (x) => f(Math.log(f(1 + expf(x))))),
  },
  {
    name: 'relu has slope 1 at 0',
    about: 'x ≥ 0 in the place of x > 0',
    activation: 'relu',
    killedBy: 'gradients',
    create: () => withSlope('slope 1 at 0', 'relu', (x) => (Number.isNaN(x) ? x : x >= 0 ? 1 : 0)),
  },
  {
    name: 'flushed sign tests',
    about: 'the driver says that 1e-40 is not positive',
    activation: 'relu',
    killedBy: 'lattice',
    create: () => withSlope('flushed sign tests', 'relu', (x) => (Number.isNaN(x) ? x : x >= 2 ** -126 ? 1 : 0)),
  },
  {
    name: 'x·σ(x) underflows half-way',
    about: 'e^x is subnormal where x·e^x is not yet',
    activation: 'swish',
    killedBy: 'tails',
    create: () =>
      withForward('underflow', 'swish', (x) => {
        const s = sigmoidf(x);
        return s < 2 ** -126 ? -0 : f(x * s);
      }),
  },
  {
    name: 'relu6 is relu',
    about: 'the upper bound is forgotten',
    activation: 'relu6',
    killedBy: 'laws',
    create: () => withForward('relu6 is relu', 'relu6', (x) => Math.max(x, 0)),
  },
  {
    name: 'softsign of ±inf is NaN',
    about: '∞/∞',
    activation: 'softsign',
    killedBy: 'lattice',
    create: () => withForward('softsign of ±inf', 'softsign', (x) => x / (1 + Math.abs(x))),
  },
];

/** erfc(z), z ≥ 0 or any, to double precision for |z| < 27 by its continued fraction and its series. */
function erfcf(z: number): number {
  if (z < 0) return 2 - erfcf(-z);
  if (z > 27) return 0;
  if (z < 2) {
    let [term, total] = [z, z];
    for (let n = 1; n < 60; n++) {
      term *= (-z * z) / n;
      total += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = z;
  for (let n = 80; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction;
}

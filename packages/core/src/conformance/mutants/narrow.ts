/** Faults that one group of cases alone can find: without it, each of these would live. */

import type { Data } from '../../adapter.ts';
import { neighbour32 } from '../formats.ts';
import { type Mutant, withForward, withSlope, wrapped } from './mutant.ts';

const f = Math.fround;
const erfcTailStart = 11.9;
const wrongFrom = 2 ** 50;

export const narrowMutants: readonly Mutant[] = [
  {
    name: 'relu knows quiet NaNs alone',
    about: 'NaN by its quiet bit: a signalling one passes for a number',
    activation: 'relu',
    killedBy: 'lattice',
    create: () =>
      wrapped('quiet NaNs', (compiled, { name }) =>
        name === 'relu'
          ? { forward: async (inputs) => ({ ...(await compiled.forward(inputs)), y: quietRelu(inputs.x) }) }
          : {},
      ),
  },
  {
    name: 'relu6 ends one ulp before 6',
    about: 'its bound was written with too few digits',
    activation: 'relu6',
    killedBy: 'breakpoints',
    create: () =>
      withSlope('one ulp before 6', 'relu6', (x) => (Number.isNaN(x) ? x : x > 0 && x < neighbour32(6, -1) ? 1 : 0)),
  },
  {
    name: 'sigmoid overflows a hair too early',
    about: 'e^x is taken for infinite from 88.7227 on, and only handled from 88.723 on',
    activation: 'sigmoid',
    killedBy: 'overflow',
    create: () =>
      withForward('a hair too early', 'sigmoid', (x) => (x < -88.7227 && x > -88.7229 ? 0 : f(1 / (1 + Math.exp(-x))))),
  },
  {
    name: 'tanh loses a step at powers of two',
    about: 'its range reduction takes the exponent for that of the next number',
    activation: 'tanh',
    killedBy: 'cancellation',
    create: () =>
      withForward('powers of two', 'tanh', (x) => {
        const magnitude = Math.abs(x);
        const isSmallPower = magnitude < 0.5 && magnitude > 2 ** -32 && Number.isInteger(Math.log2(magnitude));
        return f(Math.tanh(x) * (isSmallPower ? 1 + 2 ** -12 : 1));
      }),
  },
  {
    name: 'erfc underflows half-way',
    about: 'its exponential is flushed before the product that would bring it back',
    activation: 'gelu',
    killedBy: 'tails',
    create: () => withSlope('half-way', 'gelu', geluSlope),
  },
  {
    name: 'softsign with a wrong row in its table',
    about: 'looked up by exponent, and one of 256 rows was mistyped',
    activation: 'softsign',
    killedBy: 'sweep',
    create: () =>
      withForward('wrong row', 'softsign', (x) => {
        const magnitude = Math.abs(x);
        if (magnitude === Number.POSITIVE_INFINITY) return Math.sign(x);
        const wrongRow = magnitude >= wrongFrom && magnitude < 2 * wrongFrom;
        return f((wrongRow ? 1 + 2 ** -10 : 1) * (x / (1 + magnitude)));
      }),
  },
  {
    name: 'relu rounds by the parity of the exponent',
    about: 'one ulp off, which its grade allows, but not always the same way',
    activation: 'relu',
    killedBy: 'laws',
    create: () =>
      withForward('parity', 'relu', (x) => {
        const odd = Math.floor(Math.log2(x)) % 2 !== 0;
        if (x > 2 ** -100 && x < 2 ** 100 && odd) return neighbour32(x, -1);
        return Math.max(x, 0);
      }),
  },
];

/** max(x, 0), and x where its bits are those of a quiet NaN. */
function quietRelu(x: Data): Data {
  if (!(x instanceof Float32Array)) return x;
  const bits = new Uint32Array(x.buffer, x.byteOffset, x.length);
  return x.map((value, index) => {
    const quiet = ((bits[index] as number) & 0x7fc00000) === 0x7fc00000;
    return quiet || value > 0 ? value : 0;
  });
}

/** gelu'(x), with its tail cut off where e^{-x²/2} is near the end of float32's range. */
function geluSlope(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return x > 0 ? 1 : 0;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < -erfcTailStart && x > -12.2) return 0;
  return tailProbability(x, density) + x * density;
}

/** Φ(x), by its series near 0 and by the continued fraction of Mills' ratio in the tails. */
function tailProbability(x: number, density: number): number {
  const magnitude = Math.abs(x);
  let upper: number;
  if (magnitude < 3) {
    let [term, total] = [magnitude, magnitude];
    for (let n = 1; n < 80; n++) {
      term *= (magnitude * magnitude) / (2 * n + 1);
      total += term;
    }
    upper = 0.5 - density * total;
  } else {
    let fraction = magnitude;
    for (let n = 200; n > 0; n--) fraction = magnitude + n / fraction;
    upper = density / fraction;
  }
  return x < 0 ? upper : 1 - upper;
}

/** Every function of the language on float64 numbers: what the reference computes and what constants fold to. */
import type { BinaryName, ComparisonName, UnaryName } from './node.ts';
import { erf, erfc } from './special.ts';

const sigmoid = (t: number): number => {
  const e = Math.exp(-Math.abs(t));
  return (t < 0 ? e : 1) / (1 + e);
};

/** To the nearest integer, ties to even: adding 2^52 leaves no room for a fraction. */
const roundHalfToEven = (t: number): number =>
  Math.abs(t) < 2 ** 52 ? Math.sign(t) * (Math.abs(t) + 2 ** 52 - 2 ** 52) : t;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Each function of one number in float64; generated JavaScript calls the same ones. */
export const float64Functions: Readonly<Record<UnaryName, (t: number) => number>> = {
  negate: (t) => -t,
  absolute: Math.abs,
  floor: Math.floor,
  round: roundHalfToEven,
  sqrt: Math.sqrt,
  highPart: (t) => {
    float[0] = t;
    bits[0] = (bits[0] as number) & 0xfffff000;
    return float[0];
  },
  detach: (t) => t,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sigmoid,
  tanh: Math.tanh,
  softplus: (t) => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t))),
  atan: Math.atan,
  asin: (t) => Math.asin(Math.min(Math.max(t, -1), 1)),
  erf,
  erfc,
};

/** Each function of two numbers in float64. */
export const float64Operators: Readonly<Record<BinaryName, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  minimum: Math.min,
  maximum: Math.max,
  vanishingProduct: (a, b) => (b === 0 ? (a < 0 ? -b : b) : a * b),
  scaleByPowerOfTwo: (a, k) => a * 2 ** k,
};

const comparisons = {
  less: (a, b) => a < b,
  lessOrEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
} satisfies Record<ComparisonName, (a: number, b: number) => boolean>;

export const evaluateUnary = (name: UnaryName, operand: number): number => float64Functions[name](operand);
export const evaluateBinary = (name: BinaryName, left: number, right: number): number =>
  float64Operators[name](left, right);
export const evaluateComparison = (name: ComparisonName, left: number, right: number): boolean =>
  comparisons[name](left, right);

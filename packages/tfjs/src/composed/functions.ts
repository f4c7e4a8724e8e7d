/**
 * Every function of the language as tfjs operations. Where an operation of tfjs cancels, overflows or drops a NaN on
 * some backend, a composition that does not stands in its place.
 */
import type { BinaryName, ComparisonName, UnaryName } from '@isoact/core';
import * as tf from '@tensorflow/tfjs-core';

type Tensor = tf.Tensor;

/** Cut to 12 bits of the significand by Veltkamp's splitting (Dekker 1971): tfjs has no operations on bits. */
const highPart = (t: Tensor): Tensor => {
  const scaled = tf.mul(t, 4097);
  return tf.sub(scaled, tf.sub(scaled, t));
};

/** e^{-z²}: z² rounded would cost |z²| ulp, so z is split into a part whose square is exact and a rest. */
const gaussian = (z: Tensor): Tensor => {
  const high = highPart(z);
  return tf.mul(tf.exp(tf.neg(tf.square(high))), tf.exp(tf.mul(tf.sub(high, z), tf.add(high, z))));
};

/** Coefficients, highest power first, of log(erfc(z)·e^{z²}/t) in t = 1/(1 + z/2): Numerical Recipes §6.2, erfcc. */
const erfcCoefficients = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

const polynomial = (coefficients: readonly number[], t: Tensor): Tensor =>
  coefficients.slice(1).reduce<Tensor>((sum, c) => tf.add(tf.mul(sum, t), c), tf.scalar(coefficients[0] as number));

const erfc = (x: Tensor): Tensor => {
  const z = tf.minimum(tf.abs(x), 11); // erfc is 0 in float32 beyond; an infinite z has no high part
  const t = tf.div(1, tf.add(1, tf.mul(0.5, z)));
  const tail = tf.mul(tf.mul(t, gaussian(z)), tf.exp(polynomial(erfcCoefficients, t)));
  return keepNaN(x, tf.where(tf.less(x, 0), tf.sub(2, tail), tail));
};

/** 2/√π·(-1)ⁿ/(n!·(2n + 1)), highest first: the Taylor series of erf(x)/x in x², for |x| < ½. */
const erfCoefficients: readonly number[] = (() => {
  let [factor, n] = [2 / Math.sqrt(Math.PI), 0];
  const terms: number[] = [];
  for (; n < 8; factor /= -++n) terms.unshift(factor / (2 * n + 1));
  return terms;
})();

const erf = (x: Tensor): Tensor => {
  const large = tf.mul(tf.sign(x), tf.sub(1, erfc(tf.abs(x))));
  return tf.where(tf.less(tf.abs(x), 0.5), tf.mul(x, polynomial(erfCoefficients, tf.square(x))), large);
};

/** `value`, but `t` where t is NaN: minimum and maximum of some backends lose it. */
const keepNaN = (t: Tensor, value: Tensor): Tensor => tf.where(tf.isNaN(t), t, value);

const clip = (t: Tensor): Tensor => keepNaN(t, tf.minimum(tf.maximum(t, -1), 1));

export const unaryOperations = {
  negate: tf.neg,
  absolute: tf.abs,
  floor: tf.floor,
  round: tf.round,
  sqrt: tf.sqrt,
  highPart,
  detach: (t) => t,
  exp: tf.exp,
  expm1: tf.expm1,
  log: tf.log,
  log1p: tf.log1p,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  softplus: (t) => keepNaN(t, tf.add(tf.maximum(t, 0), tf.log1p(tf.exp(tf.neg(tf.abs(t)))))),
  atan: tf.atan,
  asin: (t) => tf.asin(clip(t)),
  erf,
  erfc,
} satisfies Record<UnaryName, (t: Tensor) => Tensor>;

const vanishingProduct = (a: Tensor, b: Tensor): Tensor =>
  tf.where(tf.equal(b, 0), tf.where(tf.less(a, 0), tf.neg(b), b), tf.mul(a, b));

export const binaryOperations = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  minimum: (a, b) => keepNaN(a, keepNaN(b, tf.minimum(a, b))),
  maximum: (a, b) => keepNaN(a, keepNaN(b, tf.maximum(a, b))),
  vanishingProduct,
  scaleByPowerOfTwo: (a, k) => tf.mul(a, tf.pow(2, k)),
} satisfies Record<BinaryName, (a: Tensor, b: Tensor) => Tensor>;

export const comparisonOperations = {
  less: tf.less,
  lessOrEqual: tf.lessEqual,
  equal: tf.equal,
} satisfies Record<ComparisonName, (a: Tensor, b: Tensor) => Tensor>;

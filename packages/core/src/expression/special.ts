/**
 * Functions in float64 that JavaScript lacks, in stable forms. erfc beyond its middle is a rational approximation of W. J. Cody, Math. Comp. 23 (1969), 631-637,
 * with the coefficients of his CALERF (netlib, SPECFUN). Written out, for they are called once per element.
 */

/** erf(x) for |x| ≤ 0.46875, by its series: what is left out is below 1e-18. */
function small(x: number): number {
  const s = x * x;
  let [term, sum] = [1, 1];
  for (let n = 1; n < 12; n++) {
    term *= -s / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * x * sum;
}

/** erfc(z)·e^{z²} for 0.46875 ≤ z ≤ 4. */
function middle(z: number): number {
  const top =
    (((((((2.1531153547440383e-8 * z + 0.5641884969886701) * z + 8.883149794388377) * z + 66.11919063714163) * z +
      298.6351381974001) *
      z +
      881.952221241769) *
      z +
      1712.0476126340707) *
      z +
      2051.0783778260716) *
      z +
    1230.3393547979972;
  const bottom =
    (((((((z + 15.744926110709835) * z + 117.6939508913125) * z + 537.1811018620099) * z + 1621.3895745666903) * z +
      3290.7992357334597) *
      z +
      4362.619090143247) *
      z +
      3439.3676741437216) *
      z +
    1230.3393548037495;
  return top / bottom;
}

/** erfc(z)·e^{z²} for z ≥ 4. */
function far(z: number): number {
  const w = 1 / (z * z);
  const top =
    ((((0.016315387137302097 * w + 0.30532663496123236) * w + 0.36034489994980445) * w + 0.12578172611122926) * w +
      0.016083785148742275) *
      w +
    0.0006587491615298378;
  const bottom =
    ((((w + 2.568520192289822) * w + 1.8729528499234604) * w + 0.5279051029514285) * w + 0.06051834131244132) * w +
    0.0023352049762686918;
  return (1 / Math.sqrt(Math.PI) - (w * top) / bottom) / z;
}

/** erfc(z) for z ≥ 0.46875. */
function upperTail(z: number): number {
  if (z <= 4) return middle(z) * Math.exp(-z * z);
  if (z > 28) return 0; // beyond float64, and z² would be infinite
  // z² rounded would cost z² units of the last place: its part of few digits has an exact square
  const coarse = Math.fround(z);
  return far(z) * Math.exp(-coarse * coarse) * Math.exp((coarse - z) * (coarse + z));
}

const border = 0.46875;

/** The complementary error function, with full relative accuracy in its upper tail. */
export const erfc = (x: number): number => {
  if (x >= border) return upperTail(x);
  return x <= -border ? 2 - upperTail(-x) : 1 - small(x); // NaN too
};

/** The error function, with full relative accuracy near 0. */
export const erf = (x: number): number => {
  if (x >= border) return 1 - upperTail(x);
  return x <= -border ? upperTail(-x) - 1 : small(x);
};

/** The logistic function. */
export const sigmoid = (t: number): number => {
  const e = Math.exp(-Math.abs(t));
  return (t < 0 ? e : 1) / (1 + e);
};

/** log(1 + e^t). */
export const softplus = (t: number): number => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));

/** The arc sine of the argument clipped to [-1, 1]. */
export const clippedAsin = (t: number): number => Math.asin(Math.min(Math.max(t, -1), 1));

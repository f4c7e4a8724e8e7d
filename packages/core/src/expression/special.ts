/**
 * erf and erfc in float64, which JavaScript lacks: rational approximations of W. J. Cody, Math. Comp. 23 (1969), 631-637,
 * with the coefficients of his CALERF (netlib, SPECFUN). Written out, for they are called once per element.
 */

/** erf(x) for |x| ≤ 0.46875: x·P(x²)/Q(x²). */
function small(x: number): number {
  const s = x * x;
  const top =
    (((0.185777706184603153 * s + 3.1611237438705656) * s + 113.864154151050156) * s + 377.485237685302021) * s +
    3209.37758913846947;
  const bottom =
    (((s + 23.6012909523441209) * s + 244.024637934444173) * s + 1282.61652607737228) * s + 2844.23683343917062;
  return (x * top) / bottom;
}

/** erfc(z)·e^{z²} for 0.46875 ≤ z ≤ 4. */
function middle(z: number): number {
  const top =
    (((((((2.15311535474403846e-8 * z + 0.564188496988670089) * z + 8.88314979438837594) * z + 66.1191906371416295) *
      z +
      298.635138197400131) *
      z +
      881.95222124176909) *
      z +
      1712.04761263407058) *
      z +
      2051.07837782607147) *
      z +
    1230.33935479799725;
  const bottom =
    (((((((z + 15.7449261107098347) * z + 117.693950891312499) * z + 537.181101862009858) * z + 1621.38957456669019) *
      z +
      3290.79923573345963) *
      z +
      4362.61909014324716) *
      z +
      3439.36767414372164) *
      z +
    1230.33935480374942;
  return top / bottom;
}

/** erfc(z)·e^{z²} for z ≥ 4. */
function far(z: number): number {
  const w = 1 / (z * z);
  const top =
    ((((0.0163153871373020978 * w + 0.305326634961232344) * w + 0.360344899949804439) * w + 0.125781726111229246) * w +
      0.0160837851487422766) *
      w +
    6.58749161529837803e-4;
  const bottom =
    ((((w + 2.56852019228982242) * w + 1.87295284992346047) * w + 0.527905102951428412) * w + 0.0605183413124413191) *
      w +
    2.33520497626869185e-3;
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

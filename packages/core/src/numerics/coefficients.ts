/**
 * Constants of the float32 library. Written by tooling/numerics/fit.py; do not edit.
 *
 * Each polynomial is a minimax fit, lowest power first; the error is that of the formula, relative, in units of
 * 2^-24 (half an ulp of 1), before any rounding of the evaluation.
 *
 * Numbers have as many digits as tell them from other float32.
 */

// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: the nearest float32 of a constant is meant

const float32 = (coefficients: readonly number[]): readonly number[] => coefficients.map(Math.fround);

/** log2(e) */
export const log2OfE = /* @__PURE__ */ Math.fround(1.442695);
/** ln 2 to 16 bits */
export const ln2High = /* @__PURE__ */ Math.fround(0.69314575);
/** ln 2 - ln2High */
export const ln2Low = /* @__PURE__ */ Math.fround(1.4286068e-6);
/** π/2 to 24 bits */
export const halfPiHigh = /* @__PURE__ */ Math.fround(1.5707964);
/** π/2 - halfPiHigh */
export const halfPiLow = /* @__PURE__ */ Math.fround(-4.371139e-8);
/** π/2 - 1.5 */
export const halfPiRest = /* @__PURE__ */ Math.fround(0.070796326);

/** e^r = 1 + r + r²·P(r), |r| ≤ ln2/2. Error 0.26. */
export const exponentialTail = /* @__PURE__ */ float32([0.49999997, 0.16666536, 0.041667424, 0.00836763, 0.0013873471]);

/** atan(u) = u + u³·P(u²), |u| ≤ 1. Error 0.28. */
export const arcTangentTail = /* @__PURE__ */ float32([
  -0.33333153, 0.19993767, -0.14211002, 0.106657684, -0.07551656, 0.043204635, -0.016363103, 0.0029193931,
]);

/** asin(u) = u + u³·P(u²), |u| ≤ 1/2. Error 0.081. */
export const arcSineTail = /* @__PURE__ */ float32([0.16666752, 0.074953094, 0.045469154, 0.024184741, 0.0421584]);

/** erf(a) = a + a·P(a²), 0 ≤ a ≤ 0.875. Error 0.24. */
export const erfNearZero = /* @__PURE__ */ float32([
  0.12837915, -0.37612504, 0.11281922, -0.026770486, 0.004998928, -0.0006020491,
]);

/** erf(a) = 1 - e^{-P(a)}, 0.875 ≤ a ≤ 3.95. Error 0.52. */
export const erfcExponent = /* @__PURE__ */ float32([
  0.0016532416, 1.1210136, 0.64957803, 0.091929615, -0.015857238, 0.0012882433,
]);

/** (1 + 2a)·e^{a²}·erfc(a) = 1 + P(u - 3/8), u = a/(a + 5/2), 0 ≤ a ≤ 10.1. Error 0.082. */
export const scaledComplement = /* @__PURE__ */ float32([
  0.28634167, -0.07245344, -1.0433298, 2.2413597, -2.2494032, 0.8156465, 0.548871, -0.49569994, -0.20965748, 0.2125696,
  0.08348747,
]);

/** log(1 + f) = f + f²·P(f), 2^-0.52 ≤ 1 + f ≤ 2^0.52. Error 0.1. */
export const logarithmTail = /* @__PURE__ */ float32([
  -0.49999985, 0.33333334, -0.25001985, 0.20001717, -0.16597836, 0.14179, -0.13340433, 0.1297032, -0.07460037,
]);

/** log(1 + f) = f + f²·P(f - 1/2), 0 ≤ f ≤ 1. Error 0.13. */
export const logarithmTailToTwo = /* @__PURE__ */ float32([
  -0.37813956, 0.17922491, -0.09323249, 0.051088598, -0.02889084, 0.016655339, -0.010266614, 0.006956819, -0.0031747222,
]);

/** σ(t) = 1/2 + t·P(t²), |t| ≤ 1/2. Error 0.0093. */
export const sigmoidNearZero = /* @__PURE__ */ float32([0.25, -0.02083325, 0.002081625, -0.00020012807]);

/** tanh(t) = t·(1 + t²·P(t²)), |t| ≤ 1/2. Error 0.0066. */
export const tanhNearZero = /* @__PURE__ */ float32([-0.33333328, 0.1333301, -0.053904068, 0.021319048, -0.0066796285]);

/** 2^f = 1 + f·P(f), |f| ≤ 1/2. Error 0.24. */
export const binaryExponential = /* @__PURE__ */ float32([
  0.6931472, 0.24022649, 0.05550364, 0.009618306, 0.0013389506, 0.00015386571,
]);

/** atan(u) = u + u³·P(u²), |u| ≤ 1/2. Error 0.091. */
export const arcTangentNearZero = /* @__PURE__ */ float32([
  -0.33333233, 0.19994168, -0.14174213, 0.101558276, -0.05125161,
]);

/** atan'(u) = 1/(1 + u²) = P(u²), |u| ≤ 1/2. Error 1.0. */
export const arcTangentSlope = [
  0.9999999403953552, -0.9999827146530151, 0.9991781711578369, -0.9854421019554138, 0.8794558048248291,
  -0.5025656223297119,
] as const;

/** asin'(u) = 1/√(1 - u²) = P(u²), |u| ≤ 1/2. Error 1.0. */
export const arcSineSlope = [
  0.9999999403953552, 0.5000172853469849, 0.37421301007270813, 0.3253672420978546, 0.18121415376663208,
  0.528549075126648,
] as const;

/** σ(t) = 1/2 + t·P(t²), |t| ≤ 1/8. Error 0.14. */
export const sigmoidNearerZero = /* @__PURE__ */ float32([0.24999984, -0.020792153]);

/** e^{a²}·erfc(a) = P(v), v = w/(1 + w), w = 0.6·a, 0 ≤ a ≤ 5.7. Error 0.13. */
export const fadedComplement = /* @__PURE__ */ float32([
  1, -1.8806316, 0.89714134, 0.19218679, -0.13546105, -0.11566402, 0.033954073, -0.07728773, 0.14401919, -0.058317665,
]);

/** log2(a) = P(a^(1/256)), 2^-149 ≤ a ≤ 2^128, the error not relative but absolute. Error 8.6e+4. */
export const exponentOfRoot = /* @__PURE__ */ float32([
  -855.6657, 1895.966, -1919.1677, 1277.0763, -471.5108, 73.29719,
]);

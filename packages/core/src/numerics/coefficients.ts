/**
 * Constants of the float32 library. Written by tooling/numerics/fit.py; do not edit.
 *
 * Each polynomial is a minimax fit, lowest power first; the error is that of the formula, relative, in units of
 * 2^-24 (half an ulp of 1), before any rounding of the evaluation.
 */
/** log2(e) */
export const log2OfE = 1.4426950216293335;
/** ln 2 to 16 bits */
export const ln2High = 0.693145751953125;
/** ln 2 - ln2High */
export const ln2Low = 1.428606765330187e-6;
/** π/2 to 24 bits */
export const halfPiHigh = 1.5707963705062866;
/** π/2 - halfPiHigh */
export const halfPiLow = -4.371138828673793e-8;

/** e^r = 1 + r + r²·P(r), |r| ≤ ln2/2. Error 0.24. */
export const exponentialTail = [
  0.4999999701976776, 0.16666539013385773, 0.041667744517326355, 0.008367057889699936, 0.0013839382445439696,
] as const;

/** atan(u) = u + u³·P(u²), |u| ≤ 1. Error 0.28. */
export const arcTangentTail = [
  -0.33333152532577515, 0.19993767142295837, -0.14211001992225647, 0.10665769129991531, -0.07551660388708115,
  0.04320473223924637, -0.016363192349672318, 0.002919422695413232,
] as const;

/** asin(u) = u + u³·P(u²), |u| ≤ 1/2. Error 0.081. */
export const arcSineTail = [
  0.16666752099990845, 0.074953094124794, 0.04546915367245674, 0.02418474107980728, 0.042158398777246475,
] as const;

/** e^{a²}·erfc(a) = i·P(i), i = 1/(a + 3), 0 ≤ a ≤ 10.1. Error 0.053. */
export const scaledComplement = [
  0.5641079545021057, 1.6981282234191895, 4.629752159118652, 15.54511833190918, -0.3045634329319, 293.25677490234375,
  -961.6336669921875, 3507.761962890625, -5741.37841796875, 3285.181396484375,
] as const;

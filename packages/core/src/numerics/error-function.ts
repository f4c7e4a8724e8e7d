/** erf and erfc. */
import {
  abs,
  add,
  argument,
  div,
  highPart,
  less,
  minimum,
  mul,
  neg,
  round,
  scaleByPowerOfTwo,
  select,
  square,
  sub,
} from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { keepNaN, odd, polynomial } from './building-blocks.ts';
import { erfcExponent, erfNearZero, ln2High, ln2Low, log2OfE, scaledComplement } from './coefficients.ts';
import { exponentialOf, exponentialRest, type Split } from './exponential.ts';

const t = argument();

/** t + t·P(t²) for |t| < 0.875, and 1 - e^{-P(|t|)} beyond, which is 1 in float32 from 3.92 up. */
const erfBody = (): Expression => {
  const a = minimum(abs(t), 3.95);
  const far = odd(t, sub(1, exponentialOf(neg(polynomial(erfcExponent, a)))));
  return keepNaN(t, select(less(a, 0.875), add(t, mul(t, polynomial(erfNearZero, square(a)))), far));
};

/** A number whose parts have products that are exact, or as good as. */
interface Halves {
  readonly whole: Expression;
  readonly high: Expression;
  readonly low: Expression;
}

/** The low half has 12 bits as well; taking its high part is a barrier. */
const halve = (whole: Expression): Halves => {
  const high = highPart(whole);
  return { whole, high, low: highPart(sub(whole, high)) };
};

/** a² = -k·ln2 - r, from a² to some 35 bits: the square of a's upper half is exact. Rounding a² would cost 100 ulp. */
function reduceSquare(a: Halves): { k: Expression; r: Expression } {
  const k = round(mul(square(a.whole), -log2OfE));
  const rest = mul(a.low, add(a.whole, a.high));
  return { k, r: sub(sub(mul(k, -ln2High), square(a.high)), add(rest, mul(k, ln2Low))) };
}

/**
 * erfc(a) = e^{-a²}·W/(1 + 2a), a = |t| ≤ limit ≤ 10.5, where W = 1 + P(u - 3/8), u = a/(a + 5/2), is 1 to 1.3. The
 * reciprocal is i + j, i having 12 bits so that i·(1 + 2a) can be told from 1 (which also makes up for a division that is
 * off by some ulp), and the result i + (i·r + (…)) is rounded once of consequence.
 */
export function upperErfc(limit: number): Split {
  const a = halve(minimum(abs(t), limit));
  const reciprocal = div(1, add(add(a.whole, a.whole), 1));
  const i = highPart(reciprocal);
  const twice = add(i, i);
  const defect = sub(sub(sub(1, i), mul(twice, a.high)), mul(twice, a.low));
  const bulge = polynomial(scaledComplement, sub(div(a.whole, add(a.whole, 2.5)), 0.375));
  const rest = add(mul(i, bulge), mul(mul(reciprocal, defect), add(bulge, 1)));
  const { k, r } = reduceSquare(a);
  const scaled = add(i, rest);
  const small = add(rest, mul(scaled, exponentialRest(r)));
  return { significand: add(i, add(mul(scaled, r), small)), exponent: k };
}

/** erfc(t) for t up to a limit, and wherever it is negative. */
export const erfcUpTo = (limit: number): Expression => {
  const { significand, exponent } = upperErfc(limit);
  const upper = scaleByPowerOfTwo(significand, exponent);
  return keepNaN(t, select(less(t, 0), sub(2, upper), upper));
};

/**
 * erfc with a² rounded, for targets whose arithmetic is dear: some 3 ulp, and what the rounding of a² costs, half of what
 * a rounding of t does: a²·2^-24.
 */
export const erfcOfRoundedSquare = (): Expression => {
  const a = minimum(abs(t), 10.1);
  const squared = square(a);
  const k = round(mul(squared, -log2OfE));
  const r = sub(sub(mul(k, -ln2High), squared), mul(k, ln2Low));
  const reciprocal = div(1, add(add(a, a), 1));
  const bulge = polynomial(scaledComplement, sub(div(a, add(a, 2.5)), 0.375));
  const scaled = add(reciprocal, mul(reciprocal, bulge));
  const upper = scaleByPowerOfTwo(add(scaled, mul(scaled, add(r, exponentialRest(r)))), k);
  return keepNaN(t, select(less(t, 0), sub(2, upper), upper));
};

export const errorFunctionFamily: Readonly<Record<'erf' | 'erfc', Expression>> = {
  erf: erfBody(),
  erfc: erfcUpTo(10.1),
};

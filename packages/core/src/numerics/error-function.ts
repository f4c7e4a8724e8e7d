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
import { exponentialOf, exponentialRest } from './exponential.ts';

const t = argument();

/** t + t·P(t²) for |t| < 0.875, and 1 - e^{-P(|t|)} beyond, which is 1 in float32 from 3.92 up. */
const erfBody = (): Expression => {
  const a = minimum(abs(t), 3.95);
  const far = odd(t, sub(1, exponentialOf(neg(polynomial(erfcExponent, a)))));
  return keepNaN(t, select(less(a, 0.875), add(t, mul(t, polynomial(erfNearZero, square(a)))), far));
};

/** A number whose parts have products that are exact, or as good as. */
interface Split {
  readonly whole: Expression;
  readonly high: Expression;
  readonly low: Expression;
}

const split = (whole: Expression): Split => ({ whole, high: highPart(whole), low: sub(whole, highPart(whole)) });

/** a² = -k·ln2 - r, from a² to some 35 bits: the square of a's upper half is exact. Rounding a² would cost 100 ulp. */
function reduceSquare(a: Split): { k: Expression; r: Expression } {
  const k = round(mul(square(a.whole), -log2OfE));
  const rest = mul(a.low, add(a.whole, a.high));
  return { k, r: sub(sub(mul(k, -ln2High), square(a.high)), add(rest, mul(k, ln2Low))) };
}

/**
 * erfc(a) = e^{-a²}·W/(1 + 2a), a = |t|, where W = 1 + P(u - 1/2), u = a/(a + 2), lies between 1 and 1.3; and
 * erfc(-a) = 2 - erfc(a). The reciprocal is i + j, i having 12 bits so that i·(1 + 2a) can be told from 1 (which also
 * makes up for a division that is off by some ulp), and the result i + (j + i·(W - 1) + …) is rounded once of consequence.
 */
const erfcBody = (): Expression => {
  const a = split(minimum(abs(t), 10.1));
  const [first, second] = [add(add(a.whole, a.whole), 1), add(a.whole, 2)];
  const reciprocal = div(1, mul(first, second));
  const quotient = mul(reciprocal, second);
  const i = highPart(quotient);
  const twice = add(i, i);
  const defect = sub(sub(sub(1, i), mul(twice, a.high)), mul(twice, a.low));
  const bulge = polynomial(scaledComplement, sub(mul(a.whole, mul(reciprocal, first)), 0.5));
  const rest = add(mul(i, bulge), mul(mul(quotient, defect), add(bulge, 1)));
  const { k, r } = reduceSquare(a);
  const decay = add(exponentialRest(r), r);
  const upper = scaleByPowerOfTwo(add(i, add(rest, mul(add(i, rest), decay))), k);
  return keepNaN(t, select(less(t, 0), sub(2, upper), upper));
};

export const errorFunctionFamily = { erf: erfBody(), erfc: erfcBody() };

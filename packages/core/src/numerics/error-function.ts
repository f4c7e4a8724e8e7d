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
import { keepNaN, polynomial } from './building-blocks.ts';
import { ln2High, ln2Low, log2OfE, scaledComplement } from './coefficients.ts';
import { exponentialRest } from './exponential.ts';

const t = argument();

/** -a² = r - k·ln2, a² taken to 35 bits: h² is exact for a's upper half h, and the rest is (a - h)·(a + h). */
function reduceSquare(a: Expression): { k: Expression; r: Expression } {
  const h = highPart(a);
  const k = round(mul(square(a), log2OfE));
  const rest = mul(sub(a, h), add(a, h));
  return { k, r: sub(sub(mul(k, ln2High), square(h)), sub(rest, mul(k, ln2Low))) };
}

/** erfc(a) = e^{-a²}·i·P(i), i = 1/(a + 3), a = |t|; erfc(-a) = 2 - erfc(a). */
const erfcBody = (): Expression => {
  const a = minimum(abs(t), 10.1);
  const { k, r } = reduceSquare(a);
  const i = div(1, add(a, 3));
  const product = mul(mul(i, polynomial(scaledComplement, i)), add(add(exponentialRest(r), r), 1));
  const upper = scaleByPowerOfTwo(product, neg(k));
  return keepNaN(t, select(less(t, 0), sub(2, upper), upper));
};

export const errorFunctionFamily = { erfc: erfcBody() };

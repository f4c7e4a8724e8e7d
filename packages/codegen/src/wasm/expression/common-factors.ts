/**
 * Sums of products with what the terms have in common taken out of them, as those of a gradient have much:
 * u·σ + u·x·σ·(1 - σ) is u·σ·(1 + x·(1 - σ)). Factors that are one number for many elements are brought together, too.
 */
import type { Expression } from '@isoact/core';
import { add, constant, mul } from '@isoact/core/expression';
import { type Factors, product } from './products.ts';

type Term = Pick<Factors, 'uniform' | 'varying'>;

/** A sum or product in that form, or null where it is. */
export function withFewerProducts(node: Expression, factorsOf: (term: Expression) => Factors): Expression | null {
  const terms = termsOf(node).map((term) => {
    const { number, ...factors } = factorsOf(term);
    return number === 1 ? factors : { ...factors, uniform: [...factors.uniform, constant(number)] };
  });
  if (terms.length > 1) return withCommonFactors(terms);
  const [{ uniform, rest }] = terms as [Omit<Factors, 'number'>];
  const factored = uniform.length > 1 && rest ? mul(product(uniform), rest) : node;
  return factored === node ? null : factored;
}

/** Puts terms together for as long as two have a factor of each element in common. */
function withCommonFactors(terms: Term[]): Expression | null {
  let isNew = false;
  for (let pair = nearest(terms); pair; pair = nearest(terms)) {
    isNew = true;
    const [a, b, { uniform, varying }] = pair;
    const [restOfA, restOfB] = [without(a, pair[2]), without(b, pair[2])];
    const rest = add(productOf(restOfA), productOf(restOfB));
    const isUniform = restOfA.varying.length + restOfB.varying.length === 0;
    terms.splice(terms.indexOf(b), 1);
    terms[terms.indexOf(a)] = isUniform
      ? { uniform: [...uniform, rest], varying }
      : { uniform, varying: [...varying, rest] };
  }
  return isNew ? terms.map(productOf).reduce(add) : null;
}

const termsOf = (node: Expression): Expression[] =>
  node.kind === 'binary' && node.name === 'add' ? [...termsOf(node.left), ...termsOf(node.right)] : [node];

/** The two terms that have the most factors of each element in common, and what those are. */
function nearest(terms: readonly Term[]): [Term, Term, Term] | null {
  let best: [Term, Term, Term] | null = null;
  for (const [index, b] of terms.entries()) {
    for (const a of terms.slice(0, index)) {
      const shared = { uniform: common(a.uniform, b.uniform), varying: common(a.varying, b.varying) };
      if (shared.varying.length > (best?.[2].varying.length ?? 0)) best = [a, b, shared];
    }
  }
  return best;
}

/**
 * What is uniform multiplies the last factor, whose coefficients may take it in. The upstream gradient, which may be of any
 * size, comes after all: a small one and the tail of a function would lose bits in a product that others bring back.
 */
function productOf({ uniform, varying }: Term): Expression {
  const all = product(uniform);
  const factors = varying.filter((factor) => !isUpstream(factor));
  const last = factors.at(-1);
  const own = last ? mul(product(factors.slice(0, -1)), mul(all, last)) : all;
  return varying.filter(isUpstream).reduce(mul, own);
}

const isUpstream = (node: Expression): boolean => node.kind === 'input' && node.name === 'upstream';

const without = (a: Term, shared: Term): Term => ({
  uniform: difference(a.uniform, shared.uniform),
  varying: difference(a.varying, shared.varying),
});

/** What is in a list beyond another, each as often as it is there. */
function difference<T>(list: readonly T[], other: readonly T[]): T[] {
  const left = [...other];
  return list.filter((each) => {
    const place = left.indexOf(each);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

const common = <T>(a: readonly T[], b: readonly T[]): T[] => difference(a, difference(a, b));

/**
 * Polynomials by Estrin's scheme: pairs of terms in x, then pairs of those in x², and so on. Horner's rule waits for each
 * product before the next; a processor that computes several at a time waits for it alone.
 */
import type { Expression, Node } from '@isoact/core';
import { add, mapOperands, mul, square } from '@isoact/core/expression';

/** Below this many coefficients nothing is gained. */
const shortest = 4;

/** A library body with its polynomials rearranged. */
export function withEstrin(body: Expression): Expression {
  const known = new Map<Node, Node>();
  const rewrite = <T extends Node>(node: T): T => {
    let result = known.get(node);
    if (!result) {
      const chain = hornerChain(node);
      result = chain ? estrin(chain.coefficients, rewrite(chain.x)) : mapOperands(node, rewrite);
      known.set(node, result);
    }
    return result as T; // an expression becomes an expression, a predicate a predicate
  };
  return rewrite(body);
}

/** Coefficients, lowest power first, of c0 + x·(c1 + x·(…)), as far as it is written so. */
function hornerChain(node: Node): { readonly coefficients: readonly number[]; readonly x: Expression } | null {
  const coefficients: number[] = [];
  let x: Expression | null = null;
  let rest: Node = node;
  while (rest.kind === 'binary' && rest.name === 'add' && rest.left.kind === 'constant') {
    const { left, right: product }: typeof rest = rest;
    if (product.kind !== 'binary' || product.name !== 'multiply' || (x && product.right !== x)) break;
    coefficients.push((left as Extract<Expression, { kind: 'constant' }>).value);
    x = product.right;
    rest = product.left;
  }
  if (!x || rest.kind !== 'constant' || coefficients.length + 1 < shortest) return null;
  return { coefficients: [...coefficients, rest.value], x };
}

function estrin(coefficients: readonly number[], x: Expression): Expression {
  let terms: (Expression | number)[] = [...coefficients];
  for (let power = x; terms.length > 1; power = square(power)) {
    terms = terms.flatMap((term, index) => {
      if (index % 2 === 1) return [];
      const next = terms[index + 1];
      return [next === undefined ? term : add(term, mul(next, power))];
    });
  }
  return terms[0] as Expression;
}

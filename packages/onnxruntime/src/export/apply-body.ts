import type { Expression, Node } from '@isoact/core';
import { add, mapOperands, sub } from '@isoact/core/expression';
import type { Lower } from './forms.ts';

/** In a float32 that has 1.5·2^23 added, the last bit is worth 1; the library rounds no number of more than 2^22. */
const shift = 1.5 * 2 ** 23;

/** A library function's body with t in the place of its argument. */
export function applied(body: Expression, t: Expression): Expression {
  const results = new Map<Node, Node>();
  const apply: Lower = <T extends Node>(node: T): T => {
    if (node.kind === 'argument') return t as T;
    let result = results.get(node);
    if (!result) {
      const isRound = node.kind === 'unary' && node.name === 'round';
      result = isRound ? sub(add(apply(node.operand), shift), shift) : mapOperands(node, apply);
      results.set(node, result);
    }
    return result as T;
  };
  return apply(body);
}

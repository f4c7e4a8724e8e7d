import type { Expression, Node } from '@isoact/core';
import { mapOperands } from '@isoact/core/expression';
import type { Lower } from './forms.ts';

/** A library function's body with t in the place of its argument. */
export function applied(body: Expression, t: Expression): Expression {
  const results = new Map<Node, Node>();
  const apply: Lower = <T extends Node>(node: T): T => {
    if (node.kind === 'argument') return t as T;
    let result = results.get(node);
    if (!result) {
      result = mapOperands(node, apply);
      results.set(node, result);
    }
    return result as T;
  };
  return apply(body);
}

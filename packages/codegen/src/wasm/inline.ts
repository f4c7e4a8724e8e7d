/**
 * Library functions written out: every call becomes the function's body over its argument. Nodes are interned, so what
 * two calls share (σ(t) and σ(-t) share nearly all) is one node again, which calls of functions would not find.
 */
import { type Expression, type FunctionName, float32Library, type Node, type Predicate } from '@isoact/core';
import { abs, greater, greaterOrEqual, mapOperands } from '@isoact/core/expression';
import { dropNeedlessSelect } from './nan.ts';

export type Library = Readonly<Partial<Record<FunctionName, Expression>>>;

/** Rewrites expressions into what the target computes itself; statistics are leaves, and stay as they are. */
export type Legalise = <T extends Node>(node: T) => T;

export function legaliser(library: Library = float32Library): Legalise {
  const known = new Map<Node, Node>();
  return legalise;

  function legalise<T extends Node>(node: T): T {
    let result = known.get(node);
    if (!result) {
      result = rewrite(node);
      known.set(node, result);
    }
    return result as T; // an expression becomes an expression, a predicate a predicate
  }

  function rewrite(node: Node): Node {
    if (node.kind === 'statistic' || node.kind === 'count') return node;
    if (node.kind !== 'unary' || !(node.name in library)) return simplify(mapOperands(node, legalise));
    const body = library[node.name as FunctionName] as Expression;
    return substitute(legalise(body), legalise(node.operand));
  }

  /** A body over a given argument. */
  function substitute(body: Expression, argument: Expression): Expression {
    const replaced = new Map<Node, Node>();
    const replace = <T extends Expression | Predicate>(node: T): T => {
      let result = replaced.get(node);
      if (!result) {
        result = node.kind === 'argument' ? argument : simplify(mapOperands(node, replace));
        replaced.set(node, result);
      }
      return result as T;
    };
    return replace(body);
  }
}

/** Rewrites that hold for every value, and let more nodes be the same. */
function simplify(node: Node): Node {
  switch (node.kind) {
    case 'unary':
      return node.name === 'absolute' && isNegation(node.operand) ? abs(node.operand.operand) : node;
    case 'comparison': {
      const { left, right, name } = node;
      // -a < c is -c < a
      if (name === 'equal' || !isNegation(left) || right.kind !== 'constant') return node;
      return (name === 'less' ? greater : greaterOrEqual)(left.operand, -right.value);
    }
    case 'select':
      return dropNeedlessSelect(node);
    default:
      return node;
  }
}

const isNegation = (node: Expression): node is Extract<Expression, { kind: 'unary' }> =>
  node.kind === 'unary' && node.name === 'negate';

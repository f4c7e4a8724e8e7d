/** Rewrites that hold for every value, and let more nodes be the same or fewer be needed. */
import type { Expression, Node } from '@isoact/core';
import { abs, greater, greaterOrEqual, minimum, square } from '@isoact/core/expression';
import { dropNeedlessSelect } from './nan.ts';

export function simplify(node: Node): Node {
  switch (node.kind) {
    case 'unary':
      return node.name === 'absolute' && isNegation(node.operand) ? abs(node.operand.operand) : node;
    case 'binary':
      // (-a)² is a²
      return node.name === 'multiply' && node.left === node.right && isNegation(node.left)
        ? square(node.left.operand)
        : node;
    case 'comparison': {
      const { left, right, name } = node;
      // -a < c is -c < a
      if (name === 'equal' || !isNegation(left) || right.kind !== 'constant') return node;
      return (name === 'less' ? greater : greaterOrEqual)(left.operand, -right.value);
    }
    case 'select':
      return isReciprocalAboveOne(node) ? minimum(node.whenTrue, node.whenFalse) : dropNeedlessSelect(node);
    default:
      return node;
  }
}

const isNegation = (node: Expression): node is Extract<Expression, { kind: 'unary' }> =>
  node.kind === 'unary' && node.name === 'negate';

/** `1 < a ? 1/a : a` for a magnitude is the lesser of both. */
function isReciprocalAboveOne({ condition, whenTrue, whenFalse: a }: Extract<Expression, { kind: 'select' }>): boolean {
  const isOne = (node: Node): boolean => node.kind === 'constant' && node.value === 1;
  return (
    condition.kind === 'comparison' &&
    condition.name === 'less' &&
    isOne(condition.left) &&
    condition.right === a &&
    a.kind === 'unary' &&
    a.name === 'absolute' &&
    whenTrue.kind === 'binary' &&
    whenTrue.name === 'divide' &&
    isOne(whenTrue.left) &&
    whenTrue.right === a
  );
}

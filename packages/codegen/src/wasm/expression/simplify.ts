/** Rewrites that hold for every value, and let more nodes be the same or fewer be needed. */
import type { Expression, Node } from '@isoact/core';
import { abs, greater, greaterOrEqual, square, sub } from '@isoact/core/expression';
import { dropNeedlessSelect } from './nan.ts';

export function simplify(node: Node): Node {
  switch (node.kind) {
    case 'unary':
      return node.name === 'absolute' && isNegation(node.operand) ? abs(node.operand.operand) : node;
    case 'binary':
      // b + -a is b - a
      if (node.name === 'add' && isNegation(node.right)) return sub(node.left, node.right.operand);
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
      return dropNeedlessSelect(node);
    default:
      return node;
  }
}

const isNegation = (node: Expression): node is Extract<Expression, { kind: 'unary' }> =>
  node.kind === 'unary' && node.name === 'negate';

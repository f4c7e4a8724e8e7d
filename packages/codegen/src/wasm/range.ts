/** Bounds on integral exponents, which tell in how few steps a power of two can be made. */
import type { Expression } from '@isoact/core';

type Interval = readonly [low: number, high: number];
const anything: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Bounds on a node's value where it is not NaN, as far as the node itself tells. */
export function boundsOf(node: Expression): Interval {
  switch (node.kind) {
    case 'constant':
      return [node.value, node.value];
    case 'unary': {
      const [low, high] = boundsOf(node.operand);
      if (node.name === 'negate') return [-high, -low];
      if (node.name === 'absolute') return [Math.max(0, low, -high), Math.max(-low, high)];
      if (node.name === 'round') return [Math.round(low), Math.round(high)];
      return node.name === 'floor' ? [Math.floor(low), Math.floor(high)] : anything;
    }
    case 'binary': {
      const [a, b] = [boundsOf(node.left), boundsOf(node.right)];
      if (node.name === 'minimum') return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
      if (node.name === 'maximum') return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
      if (node.name !== 'multiply') return anything;
      const corners = a.flatMap((left) => b.map((right) => left * right));
      return corners.some(Number.isNaN) ? anything : [Math.min(...corners), Math.max(...corners)];
    }
    default:
      return anything;
  }
}

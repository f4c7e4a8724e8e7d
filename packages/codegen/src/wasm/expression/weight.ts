import { type Node, operands } from '@isoact/core';
import { isMarked } from './exponents.ts';

/** What computing a node costs once its operands are at hand, in instructions or in the time of as many. */
export function weightOf(node: Node): number {
  if (operands(node).length === 0) return 0;
  if (node.kind === 'select') return 3;
  if (node.kind === 'binary' && node.name === 'divide') return 4;
  if (node.kind === 'binary' && node.name === 'scaleByPowerOfTwo') return isMarked(node.right) ? 3 : 8;
  return node.kind === 'unary' && node.name === 'sqrt' ? 4 : 1;
}

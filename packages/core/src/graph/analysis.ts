/** What can be said of a node's values without knowing them. */
import type { Expression, Node } from '../expression/node.ts';

/** t - mean(t), which loses its digits to the mean's rounding unless both are taken about a pivot. */
export const isCentring = (node: Node): node is Extract<Expression, { kind: 'binary' }> =>
  node.kind === 'binary' &&
  node.name === 'subtract' &&
  node.right.kind === 'statistic' &&
  node.right.name === 'mean' &&
  node.right.operand === node.left;

/**
 * Whether a node is finite for every x, infinite ones included, given finite parameters and upstream gradients (and
 * apart from overflow). A product with such a factor needs no care for 0·∞.
 */
export function isAlwaysFinite(node: Expression): boolean {
  switch (node.kind) {
    case 'constant':
      return Number.isFinite(node.value);
    case 'input':
      return node.name !== 'x';
    case 'parameter':
    case 'size':
    case 'state':
    case 'count':
      return true;
    case 'argument':
    case 'statistic':
      return false;
    case 'unary':
      return bounded.has(node.name) || (keepsFinite.has(node.name) && isAlwaysFinite(node.operand));
    case 'binary':
      return (
        (node.name === 'add' ||
          node.name === 'subtract' ||
          node.name === 'multiply' ||
          node.name === 'vanishingProduct') &&
        isAlwaysFinite(node.left) &&
        isAlwaysFinite(node.right)
      );
    case 'select':
      return isAlwaysFinite(node.whenTrue) && isAlwaysFinite(node.whenFalse);
  }
}

const bounded: ReadonlySet<string> = new Set(['sigmoid', 'tanh', 'atan', 'asin', 'erf', 'erfc']);
const keepsFinite: ReadonlySet<string> = new Set(['negate', 'absolute', 'floor', 'round', 'highPart', 'detach']);

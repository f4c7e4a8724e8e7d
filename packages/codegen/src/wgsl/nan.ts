/** NaN reaches the output of its element, whatever the arithmetic between makes of it. */
import type { Expression, Predicate } from '@isoact/core';
import { input, isNaN as isNaNTest, select } from '@isoact/core/expression';

/** The expression, or x itself where x is NaN. */
export function keepNaN(expression: Expression): Expression {
  const x = input('x');
  return isXAtNaN(expression) ? expression : select(isNaNTest(x), x, expression);
}

/** Whether the expression is x itself where x is NaN, through selections alone. */
function isXAtNaN(node: Expression): boolean {
  if (node.kind === 'input') return node.name === 'x';
  if (node.kind !== 'select') return false;
  const condition = atNaN(node.condition);
  return (condition === false || isXAtNaN(node.whenTrue)) && (condition === true || isXAtNaN(node.whenFalse));
}

/** What a test yields where x is NaN: its comparisons fail. Null if that depends on more. */
function atNaN(test: Predicate): boolean | null {
  const x = input('x');
  if (test.kind === 'comparison') {
    const other = test.left === x ? test.right : test.right === x ? test.left : null;
    // only a comparison with 0 is made by bits, whatever a driver assumes
    return other?.kind === 'constant' && other.value === 0 ? false : null;
  }
  if (test.kind === 'isNaN') return test.operand === x ? true : null;
  if (test.kind === 'not') {
    const operand = atNaN(test.operand);
    return operand === null ? null : !operand;
  }
  return null;
}

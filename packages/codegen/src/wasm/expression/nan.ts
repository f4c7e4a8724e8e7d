/**
 * Where NaN goes. Arithmetic of WebAssembly gives NaN for NaN, so most tests that keep a NaN from being lost elsewhere
 * are needless here.
 */
import type { Expression, Node, Predicate } from '@isoact/core';
import { select } from '@isoact/core/expression';

type Select = Extract<Expression, { kind: 'select' }>;

/** `isNaN(t) ? t : body` is the body where that is NaN for a NaN anyway; so is `isNaN(t) || c ? t : body` but for c. */
export function dropNeedlessSelect(node: Select): Expression {
  const { condition, whenTrue, whenFalse } = node;
  const asksForNaN = (each: Predicate): boolean => each.kind === 'isNaN' && each.operand === whenTrue;
  if (asksForNaN(condition)) return propagates(whenFalse, whenTrue) ? whenFalse : node;
  if (condition.kind !== 'either' || !asksForNaN(condition.left)) return node;
  return propagates(whenFalse, whenTrue) ? select(condition.right, whenTrue, whenFalse) : node;
}

/** What a value is a sign or magnitude of: it is NaN whenever the value is. */
const withoutSign = (node: Expression): Expression =>
  node.kind === 'unary' && (node.name === 'negate' || node.name === 'absolute') ? withoutSign(node.operand) : node;

/** Whether a value is NaN whenever `source` is. */
export function propagates(node: Expression, source: Expression): boolean {
  const known = new Map<Expression, boolean>();
  const origin = withoutSign(source);
  const visit = (each: Expression): boolean => {
    let result = known.get(each);
    if (result === undefined) {
      result = each === origin || find(each);
      known.set(each, result);
    }
    return result;
  };
  return visit(node);

  function find(each: Expression): boolean {
    switch (each.kind) {
      case 'unary':
        // cutting a significand can make an infinity of a NaN
        return each.name !== 'highPart' && visit(each.operand);
      case 'binary':
        if (each.name === 'scaleByPowerOfTwo') return visit(each.left);
        if (each.name === 'vanishingProduct') return visit(each.right);
        return visit(each.left) || visit(each.right);
      case 'select': {
        const chosen = outcome(each.condition);
        if (chosen === null) return visit(each.whenTrue) && visit(each.whenFalse);
        return visit(chosen ? each.whenTrue : each.whenFalse);
      }
      default:
        return false;
    }
  }

  /** What a predicate is when the source is NaN; null where that depends on more. */
  function outcome(predicate: Predicate): boolean | null {
    switch (predicate.kind) {
      case 'comparison':
        return visit(predicate.left) || visit(predicate.right) ? false : null;
      case 'isNaN':
        return visit(predicate.operand) ? true : null;
      case 'not': {
        const inner = outcome(predicate.operand);
        return inner === null ? null : !inner;
      }
      case 'both':
      case 'either': {
        const sides = [outcome(predicate.left), outcome(predicate.right)];
        const decisive = predicate.kind === 'either';
        if (sides.includes(decisive)) return decisive;
        return sides.includes(null) ? null : !decisive;
      }
    }
  }
}

/** Whether a value is a number whatever the input holds. Parameters are checked to be finite. */
export const isNeverNaN = (node: Node): boolean =>
  node.kind === 'constant' ? !Number.isNaN(node.value) : ['parameter', 'size', 'count', 'state'].includes(node.kind);

/** Predicates, and the choice between two values that they make. */
import { asExpression, isZero, type Operand } from './leaves.ts';
import { type ComparisonOperation, type Expression, intern, type LogicalOperation, type Predicate } from './node.ts';

type Comparison = (left: Operand, right: Operand) => Predicate;

const comparison =
  (operation: ComparisonOperation): Comparison =>
  (left, right) =>
    intern({
      kind: 'comparison',
      name: operation.name,
      operation,
      left: asExpression(left),
      right: asExpression(right),
    });

export const less: Comparison = /* @__PURE__ */ comparison({ name: 'less', evaluate: (a, b) => a < b });
export const lessOrEqual: Comparison = /* @__PURE__ */ comparison({ name: 'lessOrEqual', evaluate: (a, b) => a <= b });
export const equal: Comparison = /* @__PURE__ */ comparison({ name: 'equal', evaluate: (a, b) => a === b });
export const greater: Comparison = (left, right) => less(right, left);
export const greaterOrEqual: Comparison = (left, right) => lessOrEqual(right, left);

/** What the logical nodes make of their operands; predicates are 0 or 1. */
const logical = (evaluate: LogicalOperation['evaluate']): LogicalOperation => ({ evaluate });
const isNaNOperation = /* @__PURE__ */ logical(Number.isNaN);
const notOperation = /* @__PURE__ */ logical((a) => !a);
const bothOperation = /* @__PURE__ */ logical((a, b) => a && b);
const eitherOperation = /* @__PURE__ */ logical((a, b) => a || b);
const selectOperation = /* @__PURE__ */ logical((a, b, c) => (a ? b : c));

export const isNaN = (operand: Expression): Predicate => intern({ kind: 'isNaN', operation: isNaNOperation, operand });
export const not = (operand: Predicate): Predicate => intern({ kind: 'not', operation: notOperation, operand });
export const both = (left: Predicate, right: Predicate): Predicate =>
  intern({ kind: 'both', operation: bothOperation, left, right });
export const either = (left: Predicate, right: Predicate): Predicate =>
  intern({ kind: 'either', operation: eitherOperation, left, right });

/** One of two values. The branch that is not chosen contributes nothing, not even its NaN. */
export function select(condition: Predicate, whenTrue: Operand, whenFalse: Operand): Expression {
  const [ifTrue, ifFalse] = [asExpression(whenTrue), asExpression(whenFalse)];
  return ifTrue === ifFalse
    ? ifTrue
    : intern({ kind: 'select', operation: selectOperation, condition, whenTrue: ifTrue, whenFalse: ifFalse });
}

/**
 * product(adjoint, factor). An adjoint that applies in one branch alone stays a select, so that the other branch
 * contributes 0 even where the factor is infinite there.
 */
export function scaled(
  adjoint: Expression,
  factor: Expression,
  product: (adjoint: Operand, factor: Operand) => Expression,
): Expression {
  if (adjoint.kind === 'select') {
    if (isZero(adjoint.whenFalse)) return select(adjoint.condition, scaled(adjoint.whenTrue, factor, product), 0);
    if (isZero(adjoint.whenTrue)) return select(adjoint.condition, 0, scaled(adjoint.whenFalse, factor, product));
  }
  return product(adjoint, factor);
}

/**
 * T of the tolerance: the magnitude of the terms that a value is added up from.
 *
 * For a single product it is the value's own magnitude. Where terms are added it is the sum of their magnitudes: a
 * gradient near its own zero is a difference of larger terms, each with a rounding error of its own.
 */
import { abs, add, div, less, mul, scaleByPowerOfTwo, select, vanishingProduct } from '../../expression/build.ts';
import type { Expression } from '../../expression/node.ts';
import { type DeviationForm, deviationOf, distance, greatestDistance } from './deviation.ts';

/** Whether a subject is handed the value as it is, so that reading it loses nothing. */
export function isExact(node: Expression): boolean {
  switch (node.kind) {
    case 'input':
    case 'parameter':
    case 'constant':
    case 'count':
    case 'size':
    case 'state':
      return true;
    case 'unary':
      return (
        ['negate', 'absolute', 'floor', 'round', 'highPart', 'detach'].includes(node.name) && isExact(node.operand)
      );
    default:
      return false;
  }
}

/** Builds magnitudes; one builder shares its nodes and the group maxima that they read. */
export function createMagnitude(
  maxima: Map<Expression, Expression>,
  form: DeviationForm,
): (node: Expression) => Expression {
  const known = new Map<Expression, Expression>();
  const magnitude = (node: Expression): Expression => {
    let result = known.get(node);
    if (!result) {
      result = build(node);
      known.set(node, result);
    }
    return result;
  };
  return magnitude;

  function build(node: Expression): Expression {
    switch (node.kind) {
      case 'unary':
        return ['negate', 'absolute', 'detach'].includes(node.name) ? magnitude(node.operand) : abs(node);
      case 'select':
        return select(node.condition, magnitude(node.whenTrue), magnitude(node.whenFalse));
      case 'binary':
        return ofBinary(node);
      default:
        return abs(node);
    }
  }

  function ofBinary(node: Extract<Expression, { kind: 'binary' }>): Expression {
    const { left, right } = node;
    switch (node.name) {
      case 'add':
        return add(magnitude(left), magnitude(right));
      case 'subtract': {
        const deviation = deviationOf(node, form);
        if (!deviation) return add(magnitude(left), magnitude(right));
        const { operand, mean, extent } = deviation;
        const spread = add(distance(operand, mean), greatestDistance(operand, mean, extent, maxima));
        return isExact(operand) ? spread : add(spread, magnitude(operand));
      }
      case 'multiply':
        return mul(magnitude(left), magnitude(right));
      case 'vanishingProduct':
        return vanishingProduct(magnitude(left), magnitude(right));
      case 'divide':
        // a divisor counts like the argument of a function: with its value; the b-term has its conditioning
        return div(magnitude(left), abs(right));
      case 'minimum':
        return select(less(left, right), magnitude(left), magnitude(right));
      case 'maximum':
        return select(less(right, left), magnitude(left), magnitude(right));
      case 'scaleByPowerOfTwo':
        return scaleByPowerOfTwo(magnitude(left), right);
    }
  }
}

/**
 * Emits ONNX nodes for expressions: one case per kind of node, none per activation.
 *
 * What every provider of ONNX Runtime has is used, and beyond that only what the target names, so that no part of a
 * graph falls back to another device.
 */
import type { Expression, FunctionName, Node, Predicate, PrimitiveName, UnaryName } from '@isoact/core';
import { abs } from '@isoact/core/expression';
import type { GraphWriter, Value } from './graph-writer.ts';
import { functionOperators } from './native-form.ts';
import { comparisonOperators, operatorsFor } from './operators.ts';
import { isMeanOf, type Reducer } from './reduce.ts';
import type { Target } from './target.ts';

/** Operators that no provider has for float64 (1.30). */
const onlyInFloat32: ReadonlySet<string> = new Set(['Atan', 'Asin', 'Erf']);

/** What an emitter is made of. */
export interface EmitterParts {
  readonly writer: GraphWriter;
  readonly target: Target;
  readonly reducer: Reducer;
  /** The value of an input, parameter or state. */
  readonly leaf: (node: Extract<Expression, { kind: 'input' | 'parameter' | 'state' }>) => Value;
}

/** Gives the value of any node of a graph that has been lowered to a form; nodes are emitted once. */
export function createEmitter({ writer, target, reducer, leaf }: EmitterParts): (node: Node) => Value {
  const { primitives, binaries, testNaN, either } = operatorsFor(writer, target);
  const real = target.arithmetic;
  const emitted = new Map<Node, Value>();

  const emit = (node: Node): Value => {
    let value = emitted.get(node);
    if (!value) {
      value = emitNode(node);
      emitted.set(node, value);
    }
    return value;
  };
  return emit;

  /** As a number of the target's arithmetic: a count is an integer until then. */
  function number(node: Expression): Value {
    return writer.cast(emit(node), real);
  }

  function emitNode(node: Node): Value {
    switch (node.kind) {
      case 'constant':
        return writer.constant(node.value, real);
      case 'input':
      case 'parameter':
      case 'state':
        return leaf(node);
      case 'argument':
        throw new TypeError('the argument of a library function has no value outside of it');
      case 'unary':
        return unary(node.name, number(node.operand));
      case 'binary':
        return binary(node);
      case 'select': {
        const branches = [number(node.whenTrue), number(node.whenFalse)];
        const opposite = oppositeOf(node.condition);
        const chosen = opposite ? [opposite, ...branches.reverse()] : [emit(node.condition), ...branches];
        return writer.node('Where', chosen, real);
      }
      case 'size':
        return reducer.size(node.extent);
      case 'statistic':
        return reducer.statistic(node, number(node.operand));
      case 'count':
        return reducer.count(node, emit(node.where));
      case 'comparison':
        return comparison(node);
      case 'isNaN':
        return testNaN(number(node.operand));
      case 'not':
        return writer.node('Not', [emit(node.operand)], 'bool');
      case 'both':
        return writer.node('And', [emit(node.left), emit(node.right)], 'bool');
      case 'either':
        return either(emit(node.left), emit(node.right));
    }
  }

  function unary(name: UnaryName, t: Value): Value {
    if (name in primitives) return primitives[name as PrimitiveName](t);
    const operator = functionOperators[name as FunctionName];
    if (!operator) throw new TypeError(`${name} must be lowered before it is emitted`);
    const type = onlyInFloat32.has(operator) ? 'float32' : real;
    return writer.cast(writer.node(operator, [writer.cast(t, type)], type), real);
  }

  function binary({ name, left, right }: Extract<Expression, { kind: 'binary' }>): Value {
    if (name === 'subtract' && isMeanOf(right, left)) return reducer.deviation(right, number(left));
    return binaries[name](number(left), number(right), left, right);
  }

  /** What holds just where the condition does not, if that is fewer nodes. */
  function oppositeOf(condition: Predicate): Value | undefined {
    if (condition.kind === 'not') return emit(condition.operand);
    if (condition.kind === 'isNaN' && !target.operators.has('IsNaN')) {
      const value = number(condition.operand);
      return writer.node('Equal', [value, value], 'bool');
    }
    if (condition.kind !== 'either' || target.operators.has('Or')) return undefined;
    const { left, right } = condition;
    // t is NaN, or |t| < c: not c ≤ |t|
    const isOfOne = left.kind === 'isNaN' && right.kind === 'comparison' && right.left === abs(left.operand);
    if (!isOfOne || right.name !== 'less') return undefined;
    return writer.node('LessOrEqual', [number(right.right), number(right.left)], 'bool');
  }

  /** Counts are compared as the integers they are: above 2^24 some have the same float32. */
  function comparison({ name, left, right }: Extract<Predicate, { kind: 'comparison' }>): Value {
    const values = [emit(left), emit(right)];
    const integers = values.every(({ type }) => type === 'int32');
    return writer.node(comparisonOperators[name], integers ? values : [number(left), number(right)], 'bool');
  }
}

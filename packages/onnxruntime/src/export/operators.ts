/** Arithmetic of the expression language as ONNX operators. */
import type { BinaryName, ComparisonName, Expression, PrimitiveName } from '@isoact/core';
import type { GraphWriter, Value } from './graph-writer.ts';
import type { Target } from './target.ts';

export interface Operators {
  readonly primitives: Readonly<Record<PrimitiveName, (t: Value) => Value>>;
  readonly binaries: Readonly<Record<BinaryName, (a: Value, b: Value, left: Expression, right: Expression) => Value>>;
  testNaN(t: Value): Value;
  either(a: Value, b: Value): Value;
}

export const comparisonOperators: Readonly<Record<ComparisonName, string>> = {
  less: 'Less',
  lessOrEqual: 'LessOrEqual',
  equal: 'Equal',
};

export function operatorsFor(writer: GraphWriter, target: Target): Operators {
  const real = target.arithmetic;
  const number = (operator: string, ...inputs: readonly Value[]) => writer.node(operator, inputs, real);
  const test = (operator: string, ...inputs: readonly Value[]) => writer.node(operator, inputs, 'bool');
  const constant = (value: number) => writer.constant(value, real);
  const where = (condition: Value, whenTrue: Value, whenFalse: Value) =>
    number('Where', condition, whenTrue, whenFalse);

  const testNaN = (t: Value): Value =>
    target.operators.has('IsNaN') ? test('IsNaN', t) : test('Not', test('Equal', t, t));

  /** The operand that the comparison chooses; NaN of either operand comes through on every device. */
  const extremum =
    (operator: 'Min' | 'Max', chooseLeft: (a: Value, b: Value) => Value) =>
    (a: Value, b: Value, left: Expression, right: Expression): Value => {
      if (target.operators.has(operator)) return number(operator, a, b);
      // a comparison with NaN is false, so NaN on the right is what `Where` falls to
      if (left.kind === 'constant') return where(chooseLeft(a, b), a, b);
      if (right.kind === 'constant') return where(chooseLeft(b, a), b, a);
      return where(testNaN(a), a, where(chooseLeft(a, b), a, b));
    };

  /** To the nearest integer: 2^23 with the sign of t leaves no room for a fraction. */
  const round = (t: Value): Value => {
    if (target.operators.has('Round')) return number('Round', t);
    const shift = where(test('Less', t, constant(0)), constant(-(2 ** 23)), constant(2 ** 23));
    const rounded = number('Sub', number('Add', t, shift), shift);
    return where(test('Less', number('Abs', t), constant(2 ** 23)), rounded, t);
  };

  /** Veltkamp's splitting (Dekker 1971): the upper 12 bits, rounded. Numbers that would overflow are left whole. */
  const highPart = (t: Value): Value => {
    const scaled = number('Mul', t, constant(2 ** 12 + 1));
    const high = number('Sub', scaled, number('Sub', scaled, t));
    return where(test('Less', number('Abs', t), constant(2 ** 114)), high, t);
  };

  /** 2^⌊k/2⌋ and 2^⌈k/2⌉ for k from 0 to 254 and, as an index that is negative counts from the end, -252 to -1. */
  const powers = [Math.floor, Math.ceil].map((half) =>
    Array.from({ length: 507 }, (_, index) => 2 ** half((index > 254 ? index - 507 : index) / 2)),
  );

  /**
   * a·2^k in two steps, each by a power from a table: ONNX has no operator that is exact here (Pow is not, BitShift is
   * missing on GPUs). The index is held to the table, so that NaN does no harm.
   */
  const scaleByPowerOfTwo = (a: Value, k: Value): Value => {
    const integer = (operator: string, ...inputs: readonly Value[]) => writer.node(operator, inputs, 'int32');
    const whole = (value: number) => writer.constant(value, 'int32');
    const held = integer('Min', integer('Max', writer.cast(k, 'int32'), whole(-252)), whole(254));
    const [first, second] = powers.map((table) => number('Gather', writer.constant(table, real), held));
    return number('Mul', number('Mul', a, first as Value), second as Value);
  };

  return {
    testNaN,
    either: (a, b) =>
      target.operators.has('Or') ? test('Or', a, b) : test('Not', test('And', test('Not', a), test('Not', b))),
    primitives: {
      negate: (t) => number('Neg', t),
      absolute: (t) => number('Abs', t),
      floor: (t) => number('Floor', t),
      round,
      sqrt: (t) => number('Sqrt', t),
      highPart,
      detach: (t) => t,
    },
    binaries: {
      add: (a, b) => number('Add', a, b),
      subtract: (a, b) => number('Sub', a, b),
      multiply: (a, b) => number('Mul', a, b),
      divide: (a, b, left) => {
        // ORT's fusion of 1/a with a product reads a value that it has removed, where both factors are such (1.30)
        const isReciprocal = left.kind === 'constant' && left.value === 1;
        return isReciprocal && real === 'float64' ? number('Reciprocal', b) : number('Div', a, b);
      },
      minimum: extremum('Min', (a, b) => test('Less', a, b)),
      maximum: extremum('Max', (a, b) => test('Less', b, a)),
      vanishingProduct: (a, b) => where(test('Equal', b, constant(0)), b, number('Mul', a, b)),
      scaleByPowerOfTwo,
    },
  };
}

/** Operators that came later than the oldest opset that is written, and what stood for them before. */
import type { ElementType } from '../onnx/element-type.ts';
import type { Attributes, GraphWriter, Value } from './graph-writer.ts';

/** From 22 on, ONNX Runtime's WebGPU provider loses Atan, Asin and others (1.30). */
export const defaultOpset = 21;
/** Where and IsNaN came with 9; from 25 on, nobody has looked. */
export const oldestOpset = 9;
export const newestOpset = 24;

const bool = (writer: GraphWriter, operator: string, ...inputs: readonly Value[]): Value =>
  writer.plainNode(operator, inputs, 'bool');

type Composition = (writer: GraphWriter, inputs: readonly Value[], type: ElementType) => Value;

const lessOrEqual: Composition = (writer, [a, b]) =>
  bool(
    writer,
    'Or',
    bool(writer, 'Less', a as Value, b as Value),
    writer.node('Equal', [a as Value, b as Value], 'bool'),
  );

/** Neither less nor greater, and both numbers. */
const equalFloats: Composition = (writer, inputs) => {
  const [a, b] = inputs as [Value, Value];
  const unequal = bool(writer, 'Or', bool(writer, 'Less', a, b), bool(writer, 'Less', b, a));
  const eitherNaN = bool(writer, 'Or', bool(writer, 'IsNaN', a), bool(writer, 'IsNaN', b));
  return bool(writer, 'Not', bool(writer, 'Or', unequal, eitherNaN));
};

const extremum =
  (isLeft: (a: Value, b: Value) => readonly [Value, Value]): Composition =>
  (writer, inputs, type) => {
    const [a, b] = inputs as [Value, Value];
    return writer.plainNode('Where', [bool(writer, 'Less', ...isLeft(a, b)), a, b], type);
  };

/** By operator: the opset that brought it (for integers or for floats), and its stand-in. */
const newer: Readonly<Record<string, { since: number; for?: readonly ElementType[]; compose: Composition }>> = {
  LessOrEqual: { since: 12, compose: lessOrEqual },
  Equal: { since: 11, for: ['float32', 'float64'], compose: equalFloats },
  Min: { since: 12, for: ['int32'], compose: extremum((a, b) => [a, b]) },
  Max: { since: 12, for: ['int32'], compose: extremum((a, b) => [b, a]) },
};

/** What stands for an operator that the writer's opset lacks; undefined where it has it. */
export function inOpset(
  writer: GraphWriter,
  operator: string,
  inputs: readonly Value[],
  type: ElementType,
  attributes: Attributes,
): Value | undefined {
  const entry = Object.hasOwn(newer, operator) ? newer[operator] : undefined;
  const applies =
    entry && writer.opset < entry.since && (!entry.for || entry.for.includes(inputs[0]?.type as ElementType));
  return applies && Object.keys(attributes).length === 0 ? entry.compose(writer, inputs, type) : undefined;
}

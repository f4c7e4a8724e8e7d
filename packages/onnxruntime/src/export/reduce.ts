/**
 * Statistics as ONNX reductions. Spanned axes stay with length 1, so that a statistic broadcasts against the elements
 * it was taken of; axes are counted from the last one, so that a parameter of lower rank reduces like any other field.
 */
import {
  type Expression,
  type Extent,
  extentAxes,
  mustBe,
  type Node,
  ShapeError,
  type Statistic,
  type Variation,
} from '@isoact/core';
import type { ElementType } from '../onnx/element-type.ts';
import type { GraphWriter, Value } from './graph-writer.ts';
import { blockedSum } from './sum.ts';
import type { Target } from './target.ts';
import { checkExtent, keptLengths, type TensorShape } from './tensor-shape.ts';

type MomentNode = Extract<Statistic, { kind: 'statistic' }>;

export interface Reducer {
  /** The number of elements that share the extent. */
  size(extent: Extent): Value;
  statistic(node: MomentNode, value: Value): Value;
  /** An int32: above 2^24 a float32 cannot count. */
  count(node: Extract<Statistic, { kind: 'count' }>, where: Value): Value;
  /** The value less its mean, as if the mean were exact. */
  deviation(mean: MomentNode, value: Value): Value;
}

/** A group's mean, whether that is finite, and the deviations from it (from 0 where it is not). */
interface Centred {
  readonly mean: Value;
  readonly finite: Value;
  readonly deviation: Value;
}

export interface ReducerParts {
  readonly writer: GraphWriter;
  readonly target: Target;
  readonly shape: TensorShape;
  readonly variation: Variation;
  /** The tensor to learn lengths from that are known only at the run. */
  readonly x: () => Value;
}

export function createReducer({ writer, target, shape, variation, x }: ReducerParts): Reducer {
  const { layout } = shape;
  const rank = layout.shape.length;
  const type = target.sums;
  const real = target.arithmetic;
  const centred = new Map<string, Centred>();

  /** The spanned axes along which the operand differs, and those along which it stands for several equal elements. */
  function axesOf(extent: Extent, operand: Node): { summed: readonly number[]; repeated: readonly number[] } {
    checkExtent(extent, shape);
    const axes = extentAxes(extent, layout);
    const varying = variation(operand);
    if (!shape.lengths && [...varying].some((axis) => !axes.includes(axis)) && varying.has(0) && axes.includes(0)) {
      throw new ShapeError(
        mustBe('shape', 'given for the gradient of a parameter with axes of its own', undefined, 'Name the lengths.'),
      );
    }
    return { summed: axes.filter((axis) => varying.has(axis)), repeated: axes.filter((axis) => !varying.has(axis)) };
  }

  /** The axes as ONNX names them, from the last one; those of any rank are all axes. */
  function axisList(axes: readonly number[]): readonly number[] | undefined {
    return !shape.lengths && axes.includes(0) ? undefined : axes.map((axis) => axis - rank);
  }

  /** The lengths of a node's values, 1 where they do not vary; undefined where one is known only at the run. */
  function knownLengths(node: Node): readonly number[] | undefined {
    const lengths = keptLengths(shape, variation(node));
    return lengths?.every((length) => typeof length === 'number') ? lengths : undefined;
  }

  function reduce(operator: 'ReduceSum' | 'ReduceMean', value: Value, axes: readonly number[]): Value {
    return writer.reduce(operator, value, axisList(axes));
  }

  /** The sum of a node's value, float32 in blocks; it keeps axes of length 1. */
  function sum(value: Value, axes: readonly number[], node: Node): Value {
    if (axes.length === 0) return value;
    const lengths = value.type === 'float32' && writer.opset >= 10 && knownLengths(node);
    return lengths ? blockedSum(value, axes, { writer, lengths }) : reduce('ReduceSum', value, axes);
  }

  function mean(value: Value, axes: readonly number[], node: Node): Value {
    if (axes.length === 0) return value;
    if (value.type !== 'float32' || !knownLengths(node)) return reduce('ReduceMean', value, axes);
    return writer.node('Div', [sum(value, axes, node), lengthOf(axes, value.type)], value.type);
  }

  /** The product of the lengths of some axes of x. */
  function lengthOf(axes: readonly number[], as: ElementType): Value {
    const lengths = axes.map((axis) => shape.lengths?.[axis]);
    if (lengths.every((length) => typeof length === 'number')) {
      const product = lengths.reduce((so, length) => so * length, 1);
      return writer.constant(product, as);
    }
    const list = axisList(axes);
    if (!list) return writer.cast(writer.node('Size', [x()], 'int64'), as);
    const all = writer.node('Shape', [x()], 'int64');
    const chosen = writer.node('Gather', [all, writer.constant(list, 'int64')], 'int64');
    return writer.cast(writer.node('ReduceProd', [chosen], 'int64', { keepdims: 0n }), as);
  }

  function times(value: Value, axes: readonly number[]): Value {
    if (axes.length === 0) return value;
    return writer.node('Mul', [value, lengthOf(axes, value.type)], value.type);
  }

  /**
   * A float64 sum of equal numbers of 24 bits is exact, so that the deviations of a constant group are 0. Of those that
   * have been computed in float64 it is not, and a gradient would divide by what is left.
   */
  function inFloat32(value: Value, node: Node): Value {
    return value.type === 'float64' && node.kind !== 'input' ? writer.cast(value, 'float32') : value;
  }

  function centre(value: Value, axes: readonly number[], node: Node): Centred {
    const key = `${value.name}:${axes.join()}`;
    let entry = centred.get(key);
    if (!entry) {
      const wide = writer.cast(inFloat32(value, node), type);
      const average = mean(wide, axes, node);
      const finite = testFinite(average);
      const rough = writer.node('Sub', [wide, orZero(finite, average)], type);
      entry = { mean: average, finite, deviation: type === 'float64' ? rough : refined(rough, axes, node) };
      centred.set(key, entry);
    }
    return entry;
  }

  /**
   * In float32 the mean of 10⁴ ± 10⁻² is wrong by as much as the deviations are large. But the subtraction is exact
   * there, so that the mean of the deviations is that error.
   */
  function refined(rough: Value, axes: readonly number[], node: Node): Value {
    const rest = mean(rough, axes, node);
    return writer.node('Sub', [rough, orZero(testFinite(rest), rest)], type);
  }

  function testFinite(value: Value): Value {
    const limit = writer.constant(Number.POSITIVE_INFINITY, value.type);
    return writer.node('Less', [writer.node('Abs', [value], value.type), limit], 'bool');
  }
  function orZero(condition: Value, value: Value): Value {
    return writer.node('Where', [condition, value, writer.constant(0, value.type)], value.type);
  }

  return {
    size(extent) {
      checkExtent(extent, shape);
      return lengthOf(extentAxes(extent, layout), real);
    },

    statistic({ name, operand, extent }, value) {
      const { summed, repeated } = axesOf(extent, operand);
      switch (name) {
        case 'sum':
          return writer.cast(times(sum(writer.cast(value, type), summed, operand), repeated), real);
        case 'mean':
          return writer.cast(mean(writer.cast(value, type), summed, operand), real);
        case 'variance': {
          const { deviation } = centre(value, summed, operand);
          const squared = writer.node('Mul', [deviation, deviation], type);
          return writer.cast(mean(squared, summed, operand), real);
        }
      }
    },

    count({ where, extent }, value) {
      const { summed, repeated } = axesOf(extent, where);
      return times(sum(writer.cast(value, 'int32'), summed, where), repeated);
    },

    deviation({ operand, extent }, value) {
      const { summed } = axesOf(extent, operand);
      const { mean, finite, deviation } = centre(value, summed, operand);
      const plain = writer.node('Sub', [value, writer.cast(mean, real)], real);
      return writer.node('Where', [finite, writer.cast(deviation, real), plain], real);
    },
  };
}

/** Whether the expression is the mean of that very operand. */
export const isMeanOf = (candidate: Expression, operand: Expression): candidate is MomentNode =>
  candidate.kind === 'statistic' && candidate.name === 'mean' && candidate.operand === operand;

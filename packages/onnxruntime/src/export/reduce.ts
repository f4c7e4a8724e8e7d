/**
 * Statistics as ONNX reductions. Spanned axes stay with length 1, so that a statistic broadcasts against the elements
 * it was taken of; axes are counted from the last one, so that a parameter of lower rank reduces like any other field.
 */

import type { Variation } from '@isoact/core';
import { type Expression, type Extent, extentAxes, type Layout, type Node, type Statistic } from '@isoact/core';
import type { ElementType } from './element-type.ts';
import type { GraphWriter, Value } from './graph-writer.ts';
import { blockedSum } from './sum.ts';
import type { Target } from './target.ts';
import type { Dimension } from './tensor-proto.ts';

export interface Reducer {
  /** The number of elements that share the extent. */
  size(extent: Extent): Value;
  statistic(node: Extract<Statistic, { kind: 'statistic' }>, value: Value): Value;
  /** An int32: above 2^24 a float32 cannot count. */
  count(node: Extract<Statistic, { kind: 'count' }>, where: Value): Value;
  /** The operand less its mean; see {@link Centred}. */
  deviation(mean: Extract<Statistic, { kind: 'statistic' }>, value: Value): Value;
}

/**
 * A group's mean, its finite part (0 where the mean is not finite), and the deviations from that.
 *
 * In float32 the mean of 10⁴ ± 10⁻² is wrong by as much as the deviations are large. But the subtraction is exact there,
 * and so the mean of the rounded deviations, taken once more, is the error.
 */
interface Centred {
  readonly mean: Value;
  readonly finite: Value;
  readonly deviation: Value;
}

export interface ReducerParts {
  readonly writer: GraphWriter;
  readonly target: Target;
  readonly layout: Layout;
  readonly variation: Variation;
  /** The lengths of x, some of which may be known only when the model runs, and x itself to learn them from. */
  readonly shape: readonly Dimension[];
  readonly x: () => Value;
}

export function createReducer({ writer, target, layout, variation, shape, x }: ReducerParts): Reducer {
  const rank = layout.shape.length;
  const type = target.sums;
  const centred = new Map<string, Centred>();

  /** The spanned axes along which the operand differs, and those along which it stands for several equal elements. */
  function axesOf(extent: Extent, operand: Node): { summed: readonly number[]; repeated: readonly number[] } {
    const axes = extentAxes(extent, layout);
    const varying = variation(operand);
    return { summed: axes.filter((axis) => varying.has(axis)), repeated: axes.filter((axis) => !varying.has(axis)) };
  }

  /** The lengths of a node's values, 1 where they do not vary; undefined where one is known only at the run. */
  function knownLengths(node: Node): readonly number[] | undefined {
    const varying = variation(node);
    const lengths = shape.map((length, axis) => (varying.has(axis) ? length : 1));
    return lengths.every((length) => typeof length === 'number') ? lengths : undefined;
  }

  function reduce(operator: 'ReduceSum' | 'ReduceMean', value: Value, axes: readonly number[]): Value {
    const list = writer.constant(
      axes.map((axis) => axis - rank),
      'int64',
    );
    return writer.node(operator, [value, list], value.type, { keepdims: 1n });
  }

  /** The sum of a node's value, float32 in blocks; it keeps axes of length 1. */
  function sum(value: Value, axes: readonly number[], node: Node): Value {
    if (axes.length === 0) return value;
    const lengths = value.type === 'float32' && knownLengths(node);
    return lengths ? blockedSum(value, axes, { writer, lengths }) : reduce('ReduceSum', value, axes);
  }

  function mean(value: Value, axes: readonly number[], node: Node): Value {
    if (axes.length === 0) return value;
    if (value.type !== 'float32' || !knownLengths(node)) return reduce('ReduceMean', value, axes);
    return writer.node('Div', [sum(value, axes, node), lengthOf(axes, value.type)], value.type);
  }

  /** The product of the lengths of some axes. */
  function lengthOf(axes: readonly number[], as: ElementType): Value {
    const lengths = axes.map((axis) => shape[axis] as Dimension);
    if (lengths.every((length) => typeof length === 'number')) {
      return writer.constant(
        lengths.reduce((product, length) => product * length, 1),
        as,
      );
    }
    const all = writer.node('Shape', [x()], 'int64');
    const chosen = writer.node('Gather', [all, writer.constant(axes, 'int64')], 'int64');
    return writer.cast(writer.node('ReduceProd', [chosen], 'int64', { keepdims: 0n }), as);
  }

  function times(value: Value, axes: readonly number[]): Value {
    if (axes.length === 0) return value;
    return writer.node('Mul', [value, lengthOf(axes, value.type)], value.type);
  }

  function centre(operand: Value, axes: readonly number[], node: Node): Centred {
    const key = `${operand.name}:${axes.join()}`;
    let entry = centred.get(key);
    if (!entry) {
      const wide = writer.cast(operand, type);
      const average = mean(wide, axes, node);
      const finite = isFinite(average);
      const rough = writer.node('Sub', [wide, orZero(finite, average)], type);
      entry = { mean: average, finite, deviation: type === 'float64' ? rough : refined(rough, axes, node) };
      centred.set(key, entry);
    }
    return entry;
  }

  function refined(rough: Value, axes: readonly number[], node: Node): Value {
    const rest = mean(rough, axes, node);
    return writer.node('Sub', [rough, orZero(isFinite(rest), rest)], type);
  }

  function isFinite(value: Value): Value {
    const limit = writer.constant(Number.POSITIVE_INFINITY, value.type);
    return writer.node('Less', [writer.node('Abs', [value], value.type), limit], 'bool');
  }
  function orZero(condition: Value, value: Value): Value {
    return writer.node('Where', [condition, value, writer.constant(0, value.type)], value.type);
  }

  return {
    size: (extent) => lengthOf(extentAxes(extent, layout), 'float32'),

    statistic(node, value) {
      const { operand } = node;
      const { summed, repeated } = axesOf(node.extent, operand);
      switch (node.name) {
        case 'sum':
          return writer.cast(times(sum(writer.cast(value, type), summed, operand), repeated), 'float32');
        case 'mean':
          return writer.cast(mean(writer.cast(value, type), summed, operand), 'float32');
        case 'variance': {
          const { deviation } = centre(value, summed, operand);
          const squared = writer.node('Mul', [deviation, deviation], type);
          return writer.cast(mean(squared, summed, operand), 'float32');
        }
      }
    },

    count(node, where) {
      const { summed, repeated } = axesOf(node.extent, node.where);
      return times(sum(writer.cast(where, 'int32'), summed, node.where), repeated);
    },

    deviation(node, value) {
      const { summed } = axesOf(node.extent, node.operand);
      const centred = centre(value, summed, node.operand);
      const plain = writer.node('Sub', [value, writer.cast(centred.mean, 'float32')], 'float32');
      return writer.node('Where', [centred.finite, writer.cast(centred.deviation, 'float32'), plain], 'float32');
    },
  };
}

/** Whether the expression is the mean of that very operand. */
export const isMeanOf = (
  candidate: Expression,
  operand: Expression,
): candidate is Extract<Statistic, { kind: 'statistic' }> =>
  candidate.kind === 'statistic' && candidate.name === 'mean' && candidate.operand === operand;

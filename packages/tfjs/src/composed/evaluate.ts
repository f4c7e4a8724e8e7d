/**
 * The composed form: a graph evaluated node by node with tfjs operations, on any backend. It is the fallback where
 * there is no fused kernel, and what fused kernels are measured against.
 *
 * A field that is constant over groups keeps length 1 along their axes and broadcasts like a parameter.
 */
import {
  type Expression,
  elementCount,
  extentAxes,
  type Layout,
  type Node,
  operands,
  topologicalOrder,
} from '@isoact/core';
import * as tf from '@tensorflow/tfjs-core';
import { binaryOperations, comparisonOperations, unaryOperations } from './functions.ts';

/** The tensors that a graph reads: inputs and state in the shapes of the layout, parameters in shapes of their own. */
export interface TensorBindings {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly parameters: Readonly<Record<string, tf.Tensor | number>>;
  readonly state: Readonly<Record<string, tf.Tensor>>;
}

/** Evaluates graphs over one layout. The results broadcast to the shape of the layout; call it inside a tidy. */
export function evaluate(roots: readonly Node[], layout: Layout, bindings: TensorBindings): tf.Tensor[] {
  const fields = new Map<Node, tf.Tensor>();
  for (const node of topologicalOrder(roots)) fields.set(node, evaluateNode(node));
  return roots.map(field);

  function field(node: Node): tf.Tensor {
    return fields.get(node) as tf.Tensor; // operands come first in a topological order
  }

  function evaluateNode(node: Node): tf.Tensor {
    switch (node.kind) {
      case 'constant':
        return tf.scalar(node.value);
      case 'input':
        return partOf(bound('input', node.name, bindings.inputs), node.part);
      case 'parameter': {
        const value = bound('parameter', node.name, bindings.parameters);
        return typeof value === 'number' ? tf.scalar(value) : value;
      }
      case 'state':
        return bound('state', node.name, bindings.state);
      case 'unary':
        return unaryOperations[node.name](field(node.operand));
      case 'binary':
        if (node.name === 'subtract' && isMeanOf(node.right, node.left)) return centred(node.left, node.right);
        return binaryOperations[node.name](field(node.left), field(node.right));
      case 'comparison':
        return comparisonOperations[node.name](field(node.left), field(node.right));
      case 'select':
        return select(field(node.condition), field(node.whenTrue), field(node.whenFalse));
      case 'isNaN':
        return tf.isNaN(field(node.operand));
      case 'not':
        return tf.logicalNot(field(node.operand));
      case 'both':
        return tf.logicalAnd(field(node.left), field(node.right));
      case 'either':
        return tf.logicalOr(field(node.left), field(node.right));
      case 'size':
        return tf.scalar(elementCount(axesOf(node).map((axis) => layout.shape[axis] as number)));
      case 'count':
        // integers keep their last digit beyond 2^24
        return tf.cast(tf.sum(tf.cast(whole(field(node.where)), 'int32'), axesOf(node), true), 'float32');
      case 'statistic':
        switch (node.name) {
          case 'sum':
            return tf.sum(whole(field(node.operand)), axesOf(node), true);
          case 'mean':
            return tf.mean(whole(field(node.operand)), axesOf(node), true);
          case 'variance':
            return variance(whole(field(node.operand)), axesOf(node));
        }
        break;
      case 'argument':
        throw new TypeError('a library function is not evaluated over tensors');
    }
    return node satisfies never;
  }

  function axesOf(node: Extract<Node, { kind: 'size' | 'count' | 'statistic' }>): number[] {
    return [...extentAxes(node.extent, layout)];
  }

  /** A part of a tensor that has several: it is longer than the layout along one axis. */
  function partOf(tensor: tf.Tensor, part: number): tf.Tensor {
    const axis = layout.shape.findIndex((length, each) => length !== tensor.shape[each]);
    if (axis < 0) return tensor;
    const begin = layout.shape.map((length, each) => (each === axis ? part * length : 0));
    return tf.slice(tensor, begin, [...layout.shape]);
  }

  /** A field in the full shape: what a sum over elements needs where the field is constant over groups. */
  function whole(tensor: tf.Tensor): tf.Tensor {
    return broadcastTo(tensor, layout.shape);
  }

  /** t - mean(t), without the rounding error of the mean, which may exceed the deviations themselves. */
  function centred(operand: Expression, mean: Expression): tf.Tensor {
    const rough = tf.sub(field(operand), field(mean));
    const axes = axesOf(mean as Extract<Expression, { kind: 'statistic' }>);
    return tf.sub(rough, tf.mean(whole(rough), axes, true));
  }
}

const isMeanOf = (node: Node, operand: Node): boolean =>
  node.kind === 'statistic' && node.name === 'mean' && operands(node)[0] === operand;

/** Centred, with the correction of Chan, Golub and LeVeque 1983; +∞ for a group with an infinity and no NaN. */
function variance(t: tf.Tensor, axes: number[]): tf.Tensor {
  const mean = tf.mean(t, axes, true);
  const isInfinite = (tensor: tf.Tensor): tf.Tensor => tf.equal(tf.abs(tensor), Number.POSITIVE_INFINITY);
  const centre = select(isInfinite(mean), tf.scalar(0), mean);
  const deviation = tf.sub(t, centre);
  const squares = tf.mean(tf.square(deviation), axes, true);
  const corrected = tf.sub(squares, tf.square(tf.mean(deviation, axes, true)));
  return select(isInfinite(squares), squares, select(tf.less(corrected, 0), tf.scalar(0), corrected));
}

/** tfjs broadcasts the operands of `where`, but only to each other's shape, and its condition must be boolean. */
function select(condition: tf.Tensor, whenTrue: tf.Tensor, whenFalse: tf.Tensor): tf.Tensor {
  return tf.where(tf.cast(condition, 'bool'), whenTrue, whenFalse);
}

export function broadcastTo(tensor: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const same = tensor.rank === shape.length && tensor.shape.every((length, axis) => length === shape[axis]);
  return same ? tensor : tf.broadcastTo(tensor.dtype === 'bool' ? tf.cast(tensor, 'float32') : tensor, [...shape]);
}

function bound<T>(kind: string, name: string, values: Readonly<Record<string, T>>): T {
  const value = values[name];
  if (value === undefined) throw new TypeError(`${kind} "${name}" is not bound`);
  return value;
}

/**
 * The forward and the gradient graph of an activation.
 *
 * Inputs: `x`, in a gradient `upstream` and, where there is a penalty, `upstream_penalty`; parameters under their own
 * names, unless the model carries them; `state_…` where a mode reads it. Outputs: `y`, `penalty`, `state_…`; in a gradient
 * `x_gradient` and `…_gradient` for each parameter. Only what the formula reads is an input.
 */
import {
  type Activation,
  type Dtype,
  type Expression,
  extentAxes,
  gradientNames,
  type Layout,
  mustBe,
  parameterAxes,
  parameterShape,
  UnsupportedError,
  upstreamPenalty,
  variationIn,
} from '@isoact/core';
import type { GraphProto } from 'onnx-buf';
import { createEmitter } from './emit.ts';
import { type Form, formsOf } from './forms.ts';
import { GraphWriter, type Value } from './graph-writer.ts';
import { lower } from './lower.ts';
import { createReducer } from './reduce.ts';
import type { Target } from './target.ts';
import type { Dimension } from './tensor-proto.ts';

export type Direction = 'forward' | 'vjp';

export interface GraphSpec {
  /** Lengths, or names of those that are known only when the model runs. */
  readonly shape: readonly Dimension[];
  readonly dtype: Exclude<Dtype, 'float64'>;
  readonly channelAxis?: number | undefined;
  readonly parameterShapes?: Readonly<Record<string, readonly number[]>> | undefined;
  readonly parameterGradients?: readonly string[] | undefined;
  /** Whether a caller passes the parameters at every run, or the model carries them. */
  readonly parameters: 'inputs' | 'initializers';
  readonly form: Form;
  readonly target: Target;
}

const reserved = new Set(['x', 'upstream', 'upstream_penalty']);

/** The name under which a graph reads a parameter. */
export const parameterInput = (name: string): string => {
  if (name === upstreamPenalty) return 'upstream_penalty';
  return reserved.has(name) || name.startsWith('state_') ? `parameter_${name}` : name;
};
export const stateName = (name: string): string => `state_${name}`;
export const gradientName = (name: string): string => `${name}_gradient`;

export function activationGraph(activation: Activation, direction: Direction, spec: GraphSpec): GraphProto {
  const { shape, dtype } = spec;
  const layout: Layout = {
    // an unknown length stands for one that is not 1
    shape: shape.map((length) => (typeof length === 'number' ? length : 2)),
    channelAxis: spec.channelAxis,
    parameterShapes: spec.parameterShapes,
  };
  const writer = new GraphWriter(`${activation.name}/`);
  const input = (name: string, lengths: readonly Dimension[], type = dtype as Value['type']): Value =>
    writer.cast(writer.input(name, type, lengths), 'float32');
  const x = () => input('x', shape);
  const variation = variationIn(layout);
  const forms = formsOf(spec.form);
  const reducer = createReducer({ writer, target: spec.target, layout, variation, shape, x });
  const emit = createEmitter({ writer, target: spec.target, reducer, forms, leaf });
  x();

  if (direction === 'forward') {
    const { y, penalty, state = {} } = activation.forward;
    const roots = { y, ...(penalty && { penalty }), ...prefixed(state) };
    const outputs = lowered(roots);
    spread('y', outputs['y'] as Expression);
    if (penalty) narrow('penalty', outputs['penalty'] as Expression, [], [], 'float32');
    for (const [name, node] of Object.entries(state)) {
      const axes = keptAxes('extent' in node ? node.extent : []);
      narrow(stateName(name), outputs[stateName(name)] as Expression, axes, keptShape(axes));
    }
  } else {
    const names = gradientNames(activation, { shape: layout.shape, dtype, ...gradientsOf(spec) });
    const gradients = Object.fromEntries(
      names.map((name) => [gradientName(parameterInput(name)), activation.vjp.parameters[name] as Expression]),
    );
    const outputs = lowered({ x_gradient: activation.vjp.x, ...gradients });
    spread('x_gradient', outputs['x_gradient'] as Expression);
    for (const name of names) {
      narrow(
        gradientName(parameterInput(name)),
        outputs[gradientName(parameterInput(name))] as Expression,
        parameterAxes(name, layout),
        parameterShape(name, layout),
      );
    }
  }
  return writer.graph(`${activation.name}_${direction}`);

  function leaf(node: Extract<Expression, { kind: 'input' | 'parameter' | 'state' }>): Value {
    switch (node.kind) {
      case 'input':
        return node.name === 'x' ? x() : input(node.name, shape);
      case 'state':
        return input(stateName(node.name), keptShape(keptAxes(node.extent)));
      case 'parameter': {
        const lengths = parameterShape(node.name, layout);
        if (node.name === upstreamPenalty) return input(parameterInput(node.name), [], 'float32');
        if (spec.parameters === 'inputs') return input(parameterInput(node.name), lengths);
        const value = activation.parameters[node.name] as number;
        const count = lengths.reduce((product, length) => product * length, 1);
        const values = new Array<number>(count).fill(value);
        return writer.cast(writer.initializer(node.name, dtype, lengths, values), 'float32');
      }
    }
  }

  function lowered(roots: Readonly<Record<string, Expression>>): Record<string, Expression> {
    const results = lower(Object.values(roots), forms);
    return Object.fromEntries(Object.keys(roots).map((name, index) => [name, results[index] as Expression]));
  }

  function keptAxes(extent: Parameters<typeof extentAxes>[0]): readonly number[] {
    const spanned = new Set(extentAxes(extent, layout));
    return layout.shape.flatMap((_, axis) => (spanned.has(axis) ? [] : [axis]));
  }
  function keptShape(axes: readonly number[]): readonly Dimension[] {
    return shape.map((length, axis) => (axes.includes(axis) ? length : 1));
  }

  /** An output with one value for each element of x. */
  function spread(name: string, node: Expression): void {
    writer.output(name, writer.cast(expanded(node, shape), dtype), shape);
  }

  /** An output with values of its own along the kept axes only, in its own shape. */
  function narrow(
    name: string,
    node: Expression,
    kept: readonly number[],
    own: readonly Dimension[],
    type: Value['type'] = dtype,
  ): void {
    const value = expanded(node, keptShape(kept));
    const lengths = own.filter((length) => typeof length === 'number');
    const fitted =
      lengths.length === own.length
        ? writer.node('Reshape', [value, writer.constant(lengths, 'int64')], 'float32')
        : value;
    writer.output(name, writer.cast(fitted, type), own);
  }

  /** The value at full size, where it is constant along an axis of the wanted lengths. */
  function expanded(node: Expression, lengths: readonly Dimension[]): Value {
    const value = writer.cast(emit(node), 'float32');
    const varying = variation(node);
    if (lengths.every((length, axis) => length === 1 || varying.has(axis))) return value;
    if (lengths.every((length) => typeof length === 'number')) {
      return writer.node('Expand', [value, writer.constant(lengths, 'int64')], 'float32');
    }
    if (lengths === shape) return writer.node('Expand', [value, writer.node('Shape', [x()], 'int64')], 'float32');
    throw new UnsupportedError(
      mustBe(`the shape for ${activation.name}`, 'one of known lengths', shape, 'Its state does not depend on x.'),
    );
  }
}

const prefixed = (state: Readonly<Record<string, Expression>>): Record<string, Expression> =>
  Object.fromEntries(Object.entries(state).map(([name, node]) => [stateName(name), node]));

const gradientsOf = ({ parameterGradients }: GraphSpec): { parameterGradients?: readonly string[] } =>
  parameterGradients ? { parameterGradients } : {};

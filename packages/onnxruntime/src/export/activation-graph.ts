/**
 * The forward and the gradient graph of an activation.
 *
 * Inputs: `x`, for what draws noise `noise` (float32 in [0, 1)), in a gradient `upstream` and, where there is a penalty, `upstream_penalty`; parameters under their own
 * names, unless the graph carries them; `state_…` where a mode reads it. Outputs: `y`, `penalty`, `next_state_…`; in a
 * gradient `x_gradient` and `…_gradient` for each parameter. Beside x, only what the formula reads is an input. A penalty
 * is float32; other tensors have the dtype.
 */
import {
  type Activation,
  type Expression,
  type Extent,
  elementCount,
  extentAxes,
  mustBe,
  parameterAxes,
  parameterShape,
  type Shape,
  UnsupportedError,
  upstreamPenalty,
} from '@isoact/core';
import { variationIn } from '@isoact/core/plan';
import type { FloatType } from '../onnx/element-type.ts';
import type { Dimension, GraphMessage } from '../onnx/messages.ts';
import { createEmitter } from './emit.ts';
import { type Form, loweringTo } from './forms.ts';
import { GraphWriter, type Value, type WriterOptions } from './graph-writer.ts';
import { isFree, nativeNode } from './native-node.ts';
import { createReducer } from './reduce.ts';
import type { Target } from './target.ts';
import { checkExtent, keptLengths, partedLengths, partsAxisOf, tensorShape } from './tensor-shape.ts';

export type Direction = 'forward' | 'vjp';

export interface GraphSpec extends WriterOptions {
  /** Lengths, or names of those that are known only when the model runs; undefined for tensors of any rank. */
  readonly shape: readonly Dimension[] | undefined;
  /** `any`: the graph takes each float type and gives back the same. */
  readonly dtype: FloatType | 'any';
  readonly channelAxis?: number | undefined;
  readonly parameterShapes?: Readonly<Record<string, Shape>> | undefined;
  readonly parameterGradients?: readonly string[] | undefined;
  /** Whether a caller passes the parameters at every run, the graph carries them, or a function has them as attributes. */
  readonly parameters: 'inputs' | 'initializers' | 'attributes';
  /** Values for those parameters whose own do not serve, in their shapes. */
  readonly parameterValues?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  readonly form: Form;
  readonly target: Target;
}

const reserved = new Set(['x', 'noise', 'upstream', 'upstream_penalty', 'y', 'penalty']);

/** The name under which a graph reads a parameter. */
export function parameterInput(name: string): string {
  if (name === upstreamPenalty) return 'upstream_penalty';
  return reserved.has(name) || /^(next_)?state_|_gradient$|\//.test(name) ? `parameter_${name}` : name;
}
export const stateInput = (name: string): string => `state_${name}`;
export const stateOutput = (name: string): string => `next_state_${name}`;
export const gradientName = (name: string): string => `${name}_gradient`;

type Leaf = Extract<Expression, { kind: 'input' | 'parameter' | 'state' }>;

export function activationGraph(activation: Activation, direction: Direction, spec: GraphSpec): GraphMessage {
  const own = spec.form === 'native' && direction === 'forward' ? nativeGraph(activation, spec) : undefined;
  if (own) return own;
  const { dtype, target, channelAxis, parameterShapes } = spec;
  const shape = tensorShape(spec.shape, { channelAxis, parameterShapes });
  const { layout } = shape;
  const writer = new GraphWriter({ prefix: `${activation.name}/`, ...spec });
  const partCount = activation.forward.y.length;
  const outputLengths = partedLengths(partCount, shape);
  let upstreams: readonly Value[] | undefined;
  const variation = variationIn(layout);
  const lower = loweringTo(spec.form, target);
  const real = target.arithmetic;
  const anyX: Value = { name: 'x', type: 'float32' };
  const x = (): Value => input('x', shape.lengths);
  const reducer = createReducer({ writer, target, shape, variation, x });
  const emit = createEmitter({ writer, target, reducer, leaf });

  x();
  if (direction === 'forward') forward();
  else gradient();
  return writer.finish();

  function forward(): void {
    const { y, penalty, state = {} } = activation.forward;
    const every = layout.shape.map((_, axis) => axis);
    const parts = y.map((part) => expanded(part, every));
    const axis = partsAxisOf(y.length, shape);
    const whole = axis === undefined ? parts : [writer.node('Concat', parts, real, { axis: BigInt(axis) })];
    output('y', whole[0] as Value, outputLengths);
    if (penalty) narrow('penalty', penalty, [], [], 'float32');
    for (const [name, node] of Object.entries(state)) {
      const kept = keptAxes('extent' in node ? node.extent : []);
      narrow(stateOutput(name), node, kept, keptLengths(shape, new Set(kept)));
    }
  }

  function gradient(): void {
    const { x: gradient, parameters } = activation.vjp;
    const every = layout.shape.map((_, axis) => axis);
    output(gradientName('x'), expanded(gradient, every), shape.lengths);
    for (const name of spec.parameterGradients ?? activation.trainable) {
      const total = parameters[name] as Expression;
      narrow(gradientName(parameterInput(name)), total, parameterAxes(name, layout), parameterShape(name, layout));
    }
  }

  /** The value of an input, in the target's arithmetic. */
  function input(name: string, lengths: readonly Dimension[] | undefined, type = dtype): Value {
    if (type !== 'any') return writer.cast(writer.input(name, type, lengths), real);
    return writer.castAny(writer.input(name, 'float32', lengths), real);
  }

  function output(name: string, value: Value, lengths: readonly Dimension[] | undefined, type = dtype): void {
    const typed = type === 'any' ? writer.plainNode('CastLike', [value, anyX], 'float32') : writer.cast(value, type);
    writer.output(name, typed, lengths);
  }

  function leaf(node: Leaf): Value {
    switch (node.kind) {
      case 'input':
        if (node.name === 'upstream') return upstream(node.part);
        // noise has 24 bits, whatever the type of x
        return input(node.name, shape.lengths, node.name === 'noise' ? 'float32' : dtype);
      case 'state':
        return input(stateInput(node.name), keptLengths(shape, new Set(keptAxes(node.extent))));
      case 'parameter':
        return node.name === upstreamPenalty ? input(parameterInput(node.name), [], 'float32') : parameter(node.name);
    }
  }

  function upstream(part: number): Value {
    const whole = input('upstream', outputLengths);
    const axis = partsAxisOf(partCount, shape);
    if (axis === undefined) return whole;
    upstreams ??= writer.split(whole, axis, partCount);
    return upstreams[part] as Value;
  }

  function parameter(name: string): Value {
    const lengths = parameterShape(name, layout);
    if (spec.parameters === 'inputs') return input(parameterInput(name), lengths);
    if (spec.parameters === 'attributes') return writer.cast(writer.attribute(parameterInput(name)), real);
    const own = activation.parameters[name] as number;
    const values = spec.parameterValues?.[name] ?? new Float64Array(elementCount(lengths)).fill(own);
    return writer.cast(writer.initializer(name, dtype === 'any' ? 'float32' : dtype, lengths, values), real);
  }

  function keptAxes(extent: Extent): readonly number[] {
    checkExtent(extent, shape);
    const spanned = new Set(extentAxes(extent, layout));
    return layout.shape.flatMap((_, axis) => (spanned.has(axis) ? [] : [axis]));
  }

  /** An output that has values of its own along the kept axes only, in its own shape. */
  function narrow(
    name: string,
    root: Expression,
    kept: readonly number[],
    own: readonly Dimension[] | undefined,
    type = dtype,
  ): void {
    const value = expanded(root, kept);
    const fitted = own?.every((length) => typeof length === 'number')
      ? writer.node('Reshape', [value, writer.constant(own, 'int64')], real)
      : value;
    output(name, fitted, own, type);
  }

  /** The value at full size along the kept axes, also where it is constant along one. */
  function expanded(root: Expression, kept: readonly number[]): Value {
    const node = lower(root);
    const value = writer.cast(emit(node), real);
    const varying = variation(node);
    if (kept.every((axis) => varying.has(axis) || layout.shape[axis] === 1)) return value;
    const lengths = keptLengths(shape, new Set(kept));
    if (lengths?.every((length) => typeof length === 'number')) {
      return writer.node('Expand', [value, writer.constant(lengths, 'int64')], real);
    }
    if (kept.length === layout.shape.length) {
      return writer.node('Expand', [value, writer.node('Shape', [x()], 'int64')], real);
    }
    throw new UnsupportedError(
      mustBe(`the shape for ${activation.name}`, 'one of known lengths', spec.shape, 'An output does not depend on x.'),
    );
  }
}

/** The runtime's own operator for the whole activation, where it has one that serves. */
function nativeGraph(activation: Activation, spec: GraphSpec): GraphMessage | undefined {
  const { parameters, parameterShapes = {}, dtype, shape } = spec;
  const fixed = parameters === 'initializers' && Object.keys(parameterShapes).length === 0;
  if (dtype === 'any' || !(fixed || isFree(activation))) return undefined;
  const name = `${spec.prefix ?? ''}${activation.name}`;
  const node = nativeNode(activation, spec, { name, input: 'x', output: 'y' });
  return node && { ...node, inputs: [{ name: 'x', type: dtype, shape }], outputs: [{ name: 'y', type: dtype, shape }] };
}

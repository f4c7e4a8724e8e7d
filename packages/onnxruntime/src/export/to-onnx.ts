/** An activation as a model of its own. */
import { type Activation, checkSpec, DtypeError, mustBe, ParameterError, type Shape } from '@isoact/core';
import { encodeModel } from '../onnx/encode.ts';
import type { Dimension } from '../onnx/messages.ts';
import { activationFunction, functionCall } from './activation-function.ts';
import { activationGraph, type Direction, type GraphSpec } from './activation-graph.ts';
import type { Form } from './forms.ts';
import { defaultOpset, newestOpset, oldestOpset } from './opset.ts';
import { type Arithmetic, checkArithmetic, targetFor } from './target.ts';

export interface ExportOptions {
  /** `forward` unless given. */
  readonly direction?: Direction;
  /** Lengths, or names for those that vary; tensors of any rank unless given. */
  readonly shape?: readonly Dimension[];
  readonly channelAxis?: number;
  readonly parameterShapes?: Readonly<Record<string, Shape>>;
  /** The type of what goes in and out, `float32` unless given; the arithmetic is float32. */
  readonly dtype?: 'float32' | 'float16';
  readonly opset?: number;
  /** `accurate` unless given. */
  readonly form?: Form;
  /** `initializers`, which the model carries, unless given. */
  readonly parameters?: 'inputs' | 'initializers';
  /**
   * The type that the accurate form computes in, `float32` unless given: every provider has that. `float64` takes a
   * fraction of the nodes and of the time, on the providers that have it, which are those of the CPU (cpu, wasm).
   */
  readonly arithmetic?: Arithmetic;
  /**
   * `inline`, the nodes themselves, unless given. `function`: one node that bears the activation's name and parameters,
   * and a function in the model that says what it computes.
   */
  readonly as?: 'inline' | 'function';
}

/**
 * An activation as an ONNX model: its forward graph, or its vector-Jacobian product.
 *
 * @example
 * ```ts
 * await writeFile('velu.onnx', toOnnx(velu(), { shape: ['batch', 1024] }));
 * ```
 * @throws ShapeError where a statistic needs axes that an unknown shape does not tell.
 */
export function toOnnx(activation: Activation, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const { direction = 'forward', dtype = 'float32', opset = defaultOpset, form = 'accurate', shape } = options;
  if (direction !== 'forward' && direction !== 'vjp') {
    throw new ParameterError(mustBe('direction', '"forward" or "vjp"', direction));
  }
  if (dtype !== 'float32' && dtype !== 'float16') {
    throw new DtypeError(mustBe('dtype', '"float32" or "float16"', dtype));
  }
  if (form !== 'native' && form !== 'accurate') {
    throw new ParameterError(mustBe('form', '"native" or "accurate"', form));
  }
  checkArithmetic(options.arithmetic);
  if (!Number.isInteger(opset) || opset < oldestOpset || opset > newestOpset) {
    throw new ParameterError(mustBe('opset', `an integer from ${oldestOpset} to ${newestOpset}`, opset));
  }
  const { channelAxis, parameterShapes } = options;
  if (shape) {
    const lengths = shape.map((length) => (typeof length === 'number' ? length : 2));
    const more = { ...(channelAxis !== undefined && { channelAxis }), ...(parameterShapes && { parameterShapes }) };
    checkSpec(activation, { shape: lengths, dtype, ...more }, 'ONNX', ['float32', 'float16']);
  }
  const spec: GraphSpec = {
    shape,
    dtype,
    opset,
    channelAxis,
    parameterShapes,
    parameters: options.parameters ?? 'initializers',
    form,
    target: targetFor(options.arithmetic, form),
  };
  if (options.as !== 'function') {
    return encodeModel({ name: activation.name, opset, graph: activationGraph(activation, direction, spec) });
  }
  const name = direction === 'forward' ? activation.name : `${activation.name}_vjp`;
  const called = activationFunction(activation, direction, name, spec);
  const { inputs, outputs } = activationGraph(activation, direction, { ...spec, parameters: 'initializers' });
  const call = functionCall(called, { name, inputs: called.inputs, outputs: called.outputs }, activation);
  const graph = { nodes: [call], initializers: [], inputs, outputs };
  return encodeModel({ name: activation.name, opset, graph, functions: [called] });
}

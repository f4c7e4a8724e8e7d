/** Checks that every adapter makes before any work, so that one mistake gives one message everywhere. */

import type { Activation } from './activation.ts';
import type { Data, Dtype, ForwardInputs, GivenState, ParameterValues, State, TensorSpec } from './adapter.ts';
import { anyOf, DtypeError, ParameterError, refuse, ShapeError, UnsupportedError } from './errors.ts';
import { topologicalOrder } from './expression/node.ts';
import { roundToHalf } from './float16.ts';
import {
  checkParameterShape,
  checkShape,
  elementCount,
  extentAxes,
  normalizeAxis,
  parameterShape,
  type Shape,
} from './graph/geometry.ts';
import { drawsNoise, outputShape, rootsOf, stateShapes } from './graph/roots.ts';
import { checkSetting } from './settings.ts';

const arrays = { float32: Float32Array, float64: Float64Array, float16: Uint16Array } as const;

/** A new array for values of this dtype. */
export const allocate = (dtype: Dtype, length: number): Data => new arrays[dtype](length);

/**
 * Checks a specification against an activation and what a backend can do.
 * @throws ShapeError, DtypeError, ParameterError or UnsupportedError.
 */
export function checkSpec(activation: Activation, spec: TensorSpec, backend: string, dtypes: readonly Dtype[]): void {
  const { dtype, shape, channelAxis, parameterShapes = {}, parameterGradients = [] } = spec;
  if (!Object.hasOwn(arrays, dtype)) refuse(DtypeError, 'dtype', anyOf(Object.keys(arrays)), dtype);
  if (!dtypes.includes(dtype)) {
    refuse(UnsupportedError, `dtype on ${backend}`, anyOf(dtypes), dtype, 'Convert the data first.');
  }
  checkShape(shape);
  if (channelAxis !== undefined) normalizeAxis(channelAxis, shape.length, 'channelAxis');
  for (const name of Object.keys(parameterShapes)) {
    checkName(activation, name);
    checkParameterShape(name, spec);
  }
  for (const name of parameterGradients) checkName(activation, name, 'trainable ', activation.trainable);
  for (const node of forwardNodes(activation, spec)) if ('extent' in node) extentAxes(node.extent, spec);
}

/** The check of the arrays of a call; throws DtypeError, ShapeError or ParameterError. */
export type CheckInputs = (inputs: ForwardInputs & { readonly upstream?: { readonly y: Data } | undefined }) => void;

/** What checks the arrays of each call against the specification that was compiled; what it owes them is found once. */
export function inputChecker(activation: Activation, spec: TensorSpec): CheckInputs {
  const Expected = arrays[spec.dtype];
  const check = (subject: string, data: unknown, length: number): void => {
    if (!(data instanceof Expected)) {
      refuse(DtypeError, subject, `a ${Expected.name} for dtype ${spec.dtype}`, data);
    }
    if (data.length !== length) {
      refuse(ShapeError, `the length of ${subject}`, `${length}, the product of its shape`, data.length);
    }
  };
  const length = elementCount(spec.shape);
  const outputLength = elementCount(outputShape(activation, spec));
  const states = Object.entries(givenStateShapes(activation, spec));
  const isNoisy = drawsNoise(activation);
  return ({ x, upstream, parameters, state }) => {
    check('x', x, length);
    if (upstream) check('upstream.y', upstream.y, outputLength);
    for (const name in parameters) {
      const values = parameters[name] as Data;
      checkName(activation, name);
      check(`parameter ${JSON.stringify(name)}`, values, elementCount(parameterShape(name, spec)));
      if (spec.dtype === 'float16') continue; // bits, not numbers
      for (const value of values) checkParameter(activation, name, value);
    }
    for (const [name, shape] of states)
      check(`state ${JSON.stringify(name)} of ${activation.name}`, state?.[name], elementCount(shape));
    if (isNoisy && !(state?.seed instanceof Uint32Array && state.seed.length === 2)) {
      const remedy = 'Draw another one for each training step.';
      refuse(ParameterError, `state "seed" of ${activation.name}`, 'a Uint32Array of two', state?.seed, remedy);
    }
  };
}

/** The shapes of the state that a call must bring: of what the activation reads, not of all that it leaves. */
export function givenStateShapes(activation: Activation, spec: TensorSpec): Record<string, Shape> {
  const nodes = forwardNodes(activation, spec);
  const isRead = (name: string): boolean => nodes.some((node) => node.kind === 'state' && node.name === name);
  return Object.fromEntries(Object.entries(stateShapes(activation, spec)).filter(([name]) => isRead(name)));
}

/** The state of a call that is made of numbers: all but the seed. */
export function numericState({ seed: _, ...state }: GivenState = {}): State {
  return state as State; // the seed alone is no data
}

/** Checks one value of a parameter of an activation. */
export const checkParameter = ({ name, declarations }: Activation, key: string, value: unknown): void =>
  checkSetting(name, key, value, declarations[key]);

function checkName(
  activation: Activation,
  name: string,
  kind = '',
  known: readonly string[] = Object.keys(activation.parameters),
): void {
  if (!known.includes(name)) {
    refuse(ParameterError, `a ${kind}parameter of ${activation.name}`, anyOf(known), name);
  }
}

const forwardNodes = (activation: Activation, spec: TensorSpec) =>
  topologicalOrder(rootsOf(activation, spec, 'forward').map(({ expression }) => expression));

const rounding = {
  float32: Math.fround,
  float64: (value) => value,
  float16: roundToHalf,
} satisfies Record<Dtype, (value: number) => number>;

/**
 * The values of every parameter for one call: those given, and the activation's own, rounded to the dtype and broadcast
 * to their shapes, so that a default and the same value given by the caller are one thing.
 */
export function parameterValues(
  activation: Activation,
  spec: TensorSpec,
  given: ParameterValues = {},
): Record<string, Data> {
  return Object.fromEntries(
    Object.entries(activation.parameters).map(([name, value]) => {
      const own = given[name];
      const rounded = rounding[spec.dtype](value);
      return [name, own ?? new Float64Array(elementCount(parameterShape(name, spec))).fill(rounded)];
    }),
  );
}

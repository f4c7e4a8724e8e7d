/** Checks that every adapter makes before any work, so that one mistake gives one message everywhere. */
import type { Data, Dtype, ForwardInputs, ParameterValues, TensorSpec } from './adapter.ts';
import { type Activation, checkParameter } from './definition.ts';
import { DtypeError, mustBe, ParameterError, ShapeError, UnsupportedError } from './errors.ts';
import { type Expression, type Extent, topologicalOrder } from './expression/node.ts';
import { roundToHalf } from './float16.ts';
import {
  checkParameterShape,
  checkShape,
  elementCount,
  extentAxes,
  groupingOf,
  type Layout,
  normalizeAxis,
  parameterShape,
  type Shape,
} from './graph/geometry.ts';

const arrays = { float32: Float32Array, float64: Float64Array, float16: Uint16Array } as const;

/** A new array for values of this dtype. */
export const allocate = (dtype: Dtype, length: number): Data => new arrays[dtype](length);

/**
 * Checks a specification against an activation and what a backend can do.
 * @throws ShapeError, DtypeError, ParameterError or UnsupportedError.
 */
export function checkSpec(activation: Activation, spec: TensorSpec, backend: string, dtypes: readonly Dtype[]): void {
  if (!Object.hasOwn(arrays, spec.dtype)) {
    throw new DtypeError(mustBe('dtype', '"float32", "float16" or "float64"', spec.dtype));
  }
  if (!dtypes.includes(spec.dtype)) {
    throw new UnsupportedError(
      mustBe(
        `dtype on ${backend}`,
        dtypes.map((dtype) => JSON.stringify(dtype)).join(' or '),
        spec.dtype,
        'Convert the data first.',
      ),
    );
  }
  if (!Array.isArray(spec.shape)) throw new ShapeError(mustBe('shape', 'an array of lengths', spec.shape));
  checkShape(spec.shape);
  if (spec.channelAxis !== undefined) normalizeAxis(spec.channelAxis, spec.shape.length, 'channelAxis');
  for (const name of Object.keys(spec.parameterShapes ?? {})) {
    checkParameterName(activation, name);
    checkParameterShape(name, spec);
  }
  for (const name of spec.parameterGradients ?? []) {
    if (!activation.trainable.includes(name)) {
      const names = activation.trainable.join(', ') || 'none';
      throw new ParameterError(
        mustBe(`a parameter of ${activation.name} with a gradient`, `a trainable one (${names})`, name),
      );
    }
  }
  for (const extent of extentsOf(activation)) extentAxes(extent, spec);
}

/** Checks the arrays of a call against the specification that was compiled. */
export function checkInputs(
  activation: Activation,
  spec: TensorSpec,
  inputs: ForwardInputs & { upstream?: { y: Data } },
): void {
  const length = elementCount(spec.shape);
  checkData('x', inputs.x, spec.dtype, length);
  if ('upstream' in inputs && inputs.upstream) checkData('upstream.y', inputs.upstream.y, spec.dtype, length);
  for (const [name, values] of Object.entries(inputs.parameters ?? {})) {
    checkParameterName(activation, name);
    checkData(`parameter ${JSON.stringify(name)}`, values, spec.dtype, elementCount(parameterShape(name, spec)));
    if (spec.dtype === 'float16') continue; // bits, not numbers
    for (const value of values)
      checkParameter(activation.name, name, value, { domain: activation.domains[name] ?? {} });
  }
  const shapes = stateShapes(activation, spec);
  for (const [name, shape] of Object.entries(shapes)) {
    const values = inputs.state?.[name];
    if (!readsState(activation, name)) continue;
    if (!values)
      throw new ParameterError(
        mustBe(
          `state ${JSON.stringify(name)} of ${activation.name}`,
          'given',
          undefined,
          'Pass the state that an earlier forward returned.',
        ),
      );
    checkData(`state ${JSON.stringify(name)}`, values, spec.dtype, elementCount(shape));
  }
}

function checkData(subject: string, data: unknown, dtype: Dtype, length: number): asserts data is Data {
  const Expected = arrays[dtype];
  if (!(data instanceof Expected)) {
    throw new DtypeError(mustBe(subject, `a ${Expected.name} for dtype ${dtype}`, data));
  }
  if (data.length !== length) {
    throw new ShapeError(mustBe(`the length of ${subject}`, `${length}, the product of its shape`, data.length));
  }
}

function checkParameterName(activation: Activation, name: string): void {
  if (!Object.hasOwn(activation.parameters, name)) {
    const names = Object.keys(activation.parameters).map((known) => JSON.stringify(known));
    throw new ParameterError(mustBe(`a parameter of ${activation.name}`, `one of ${names.join(', ') || 'none'}`, name));
  }
}

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

/** The parameters whose gradients a compiled activation gives. */
export const gradientNames = (activation: Activation, spec: TensorSpec): readonly string[] =>
  spec.parameterGradients ?? activation.trainable;

/** Shape of each state: one value per group, the spanned axes of length 1. */
export function stateShapes(activation: Activation, layout: Layout): Record<string, Shape> {
  return Object.fromEntries(
    Object.entries(activation.forward.state ?? {}).map(([name, node]) => {
      if (node.kind !== 'count' && node.kind !== 'statistic' && node.kind !== 'state') {
        throw new UnsupportedError(
          mustBe(`state ${JSON.stringify(name)}`, 'a statistic, a count or a state', node.kind),
        );
      }
      const spanned = new Set(extentAxes(node.extent, layout));
      return [name, layout.shape.map((length, axis) => (spanned.has(axis) ? 1 : length))];
    }),
  );
}

const readsState = (activation: Activation, name: string): boolean =>
  nodesOf(activation).some((node) => node.kind === 'state' && node.name === name);

/** Number of groups of an extent. */
export const groupCount = (extent: Extent, layout: Layout): number =>
  groupingOf(layout.shape, extentAxes(extent, layout)).groups;

const nodesOf = (activation: Activation) => {
  const { y, penalty, state } = activation.forward;
  const roots: Expression[] = [y, ...(penalty ? [penalty] : []), ...Object.values(state ?? {})];
  return topologicalOrder(roots);
};

const extentsOf = (activation: Activation): Extent[] =>
  nodesOf(activation).flatMap((node) => ('extent' in node ? [node.extent] : []));

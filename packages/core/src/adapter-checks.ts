/** Checks that every adapter makes before any work, so that one mistake gives one message everywhere. */

import type { Activation } from './activation.ts';
import type { Data, Dtype, ForwardInputs, GivenState, ParameterValues, State, TensorSpec } from './adapter.ts';
import { callChecker, checkPlacement } from './call-checks.ts';
import { anyOf, DtypeError, refuse, UnsupportedError } from './errors.ts';
import { roundToHalf } from './float16.ts';
import { elementCount, parameterShape } from './graph/geometry.ts';

const arrays = { float32: Float32Array, float64: Float64Array, float16: Uint16Array } as const;

/** A new array for values of this dtype. */
export const allocate = (dtype: Dtype, length: number): Data => new arrays[dtype](length);

/**
 * Checks a specification against an activation and what a backend can do.
 * @throws ShapeError, DtypeError, ParameterError or UnsupportedError.
 */
export function checkSpec(activation: Activation, spec: TensorSpec, backend: string, dtypes: readonly Dtype[]): void {
  const { dtype } = spec;
  if (!Object.hasOwn(arrays, dtype)) refuse(DtypeError, 'dtype', anyOf(Object.keys(arrays)), dtype);
  if (!dtypes.includes(dtype)) {
    refuse(UnsupportedError, `dtype on ${backend}`, anyOf(dtypes), dtype, 'Convert the data first.');
  }
  checkPlacement(activation, spec);
}

/** The check of the arrays of a call; throws DtypeError, ShapeError or ParameterError. */
export type CheckInputs = (inputs: ForwardInputs & { readonly upstream?: { readonly y: Data } | undefined }) => void;

/** What checks the arrays of each call against the specification that was compiled; what it owes them is found once. */
export function inputChecker(activation: Activation, spec: TensorSpec): CheckInputs {
  const { dtype } = spec;
  const Expected = arrays[dtype];
  const checkType = (subject: string, data: unknown): void => {
    if (!(data instanceof Expected)) refuse(DtypeError, subject, `a ${Expected.name} for dtype ${dtype}`, data);
  };
  return callChecker(activation, spec, checkType, dtype !== 'float16'); // which is bits
}

/** The state of a call that is made of numbers: all but the seed. */
export function numericState({ seed: _, ...state }: GivenState = {}): State {
  return state as State; // the seed alone is no data
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

/** How far results of a backend lie from those of the reference. */
import {
  type Activation,
  type ActivationBackend,
  createReferenceBackend,
  type Data,
  numericState,
  parameterValues,
  type TensorSpec,
  type VjpInputs,
} from '@isoact/core';
import { expect } from 'vitest';

/**
 * Distance in units of float32's last place of the expected value, or of `floor` where that is larger: sums of terms
 * that cancel have the error of their terms. Equal infinities and NaN are 0 apart.
 */
function distance(got: number, exact: number, floor: number): number {
  const expected = Math.abs(exact) > 3.4028235677973366e38 ? Math.sign(exact) * Number.POSITIVE_INFINITY : exact;
  if (Object.is(got, expected) || got === expected) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(expected)) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.max(Math.abs(expected), floor, 2 ** -126))), -126);
  return Math.abs(got - expected) / 2 ** (exponent - 23);
}

function worst(got: ArrayLike<number>, expected: ArrayLike<number>, floor = 0): number {
  expect(got.length).toBe(expected.length);
  return Math.max(0, ...Array.from(got, (value, k) => distance(value, expected[k] as number, floor)));
}

/** The largest distance over all outputs of both directions. */
export async function compareWithReference(
  backend: ActivationBackend,
  activation: Activation,
  spec: TensorSpec,
  inputs: VjpInputs,
  floor = 0,
): Promise<Record<string, number>> {
  const reference = await createReferenceBackend().compile(activation, { ...spec, dtype: 'float64' });
  // every backend rounds parameters to the data type first
  const own = Object.entries(activation.parameters).map(([name, value]) => [name, Math.fround(value)]);
  const rounded: Activation = { ...activation, parameters: Object.fromEntries(own) };
  const wide = (data: Data): Data => Float64Array.from(data);
  const wideAll = (values: Readonly<Record<string, Data>> = {}): Record<string, Data> =>
    Object.fromEntries(Object.entries(values).map(([name, data]) => [name, wide(data)]));
  const expectedInputs = {
    x: wide(inputs.x),
    upstream: { ...inputs.upstream, y: wide(inputs.upstream.y) },
    parameters: wideAll(parameterValues(rounded, spec, inputs.parameters)),
    ...(inputs.state && {
      state: { ...wideAll(numericState(inputs.state)), ...(inputs.state.seed && { seed: inputs.state.seed }) },
    }),
  };
  const { upstream: _, ...forwardInputs } = inputs;
  const { upstream: __, ...expectedForwardInputs } = expectedInputs;

  const compiled = await backend.compile(activation, spec);
  const [forward, expectedForward] = [
    await compiled.forward(forwardInputs),
    await reference.forward(expectedForwardInputs),
  ];
  const [vjp, expectedVjp] = [await compiled.vjp(inputs), await reference.vjp(expectedInputs)];
  compiled.dispose();
  expect(Object.keys(vjp.parameters)).toEqual(Object.keys(expectedVjp.parameters));
  expect(Object.keys(forward.state ?? {})).toEqual(Object.keys(expectedForward.state ?? {}));
  return {
    y: worst(forward.y, expectedForward.y, floor),
    ...(expectedForward.penalty !== undefined && {
      penalty: worst([forward.penalty as number], [expectedForward.penalty], floor),
    }),
    ...mapNames(expectedForward.state, (name, values) => worst(forward.state?.[name] as Data, values, floor)),
    x: worst(vjp.x, expectedVjp.x, floor),
    ...mapNames(expectedVjp.parameters, (name, values) => worst(vjp.parameters[name] as Data, values, floor)),
  };
}

const mapNames = (values: Readonly<Record<string, Data>> = {}, of: (name: string, values: Data) => number) =>
  Object.fromEntries(Object.entries(values).map(([name, data]) => [name, of(name, data)]));

/** Pseudo-random numbers, the same in every run (mulberry32). */
export function randomNumbers(seed: number, length: number, low = -4, high = 4): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return low + ((high - low) * ((t ^ (t >>> 14)) >>> 0)) / 2 ** 32;
  });
}

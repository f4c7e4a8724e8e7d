/**
 * How far values are from the golden ones, in parts of 1e-13·T, with T the magnitude of a value's terms. The oracle owes
 * 1e-13·(T + |x·∂F/∂x|); that it needs no such addition is what makes T alone the stricter test.
 */
import { catalogue } from '../../activations/catalogue.ts';
import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { noiseOf } from '../../noise.ts';
import { formats } from '../formats.ts';
import type { Expected } from '../oracle/expected.ts';
import { type Direction, expectedOutputs } from '../oracle/oracle.ts';
import { splitParts } from '../parts.ts';
import type { AnyDefinition } from '../subjects.ts';
import type { GoldenCase } from './index.ts';
import { ruleProbe } from './rule-probe.ts';

export interface GoldenCall {
  readonly activation: Activation;
  readonly spec: TensorSpec;
  readonly x: Float64Array;
  readonly parameters: Readonly<Record<string, Float64Array>>;
  readonly upstream: { readonly y: Float64Array; readonly penalty: number };
  readonly state?: { readonly seed: Uint32Array };
}

const numbers = (texts: readonly string[]): Float64Array => Float64Array.from(texts, Number);

const definitions: Readonly<Record<string, AnyDefinition>> = { ...catalogue, rules: ruleProbe };

/** @throws TypeError where the catalogue lacks the activation. */
export function goldenCall(name: string, golden: GoldenCase): GoldenCall {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!definition) throw new TypeError(`golden values of ${name} must be of an activation of the catalogue`);
  const preset = golden.preset === undefined ? {} : definition.presets[golden.preset];
  const parameters = Object.entries(golden.parameters);
  return {
    activation: definition({ ...preset, ...golden.options } as never), // settings by the definition's own names
    spec: {
      shape: golden.shape,
      dtype: 'float64',
      ...(golden.channelAxis !== undefined && { channelAxis: golden.channelAxis }),
      parameterShapes: Object.fromEntries(parameters.map(([key, { shape }]) => [key, shape])),
    },
    x: numbers(golden.x),
    parameters: Object.fromEntries(parameters.map(([key, { values }]) => [key, numbers(values)])),
    upstream: { y: numbers(golden.upstream.y), penalty: Number(golden.upstream.penalty ?? 0) },
    ...(golden.seed && { state: { seed: Uint32Array.from(golden.seed) } }),
  };
}

/** A value's distance from the golden one over what the oracle owes; infinite where one of both is not finite. */
export interface Distance {
  readonly output: string;
  readonly index: number;
  readonly got: number;
  readonly golden: number;
  readonly share: number;
}

/** Compares results, by name as in the suite, with the golden ones. `activation` gives the terms that count. */
export function goldenDistances(
  golden: GoldenCase,
  call: GoldenCall,
  direction: Direction,
  results: Readonly<Record<string, ArrayLike<number>>>,
): Distance[] {
  const outputs = expectedOutputs(
    call.activation,
    direction,
    call.spec,
    {
      x: call.x,
      ...(call.state && { noise: noiseOf(call.x.length, call.state.seed) }),
      parameters: { ...ownValues(call.activation), ...call.parameters },
      upstream: call.upstream,
    },
    { sumDepth: () => 0, unit: formats.float64.unit, flushes: false },
  );
  return outputs.flatMap(({ name, part, expected }) => {
    const owed = goldenValues(golden, direction)[name];
    // AdaReLU's counts are not among the golden values
    if (!owed) return [];
    const own = (all: ArrayLike<number>): ArrayLike<number> =>
      name === 'y' ? (splitParts(Float64Array.from(all), call.activation, call.spec)[part] ?? []) : all;
    const values = results[name] && own(results[name]);
    return Array.from(own(numbers(owed)), (exact, index) => {
      const got = values?.[index] ?? Number.NaN;
      const distance = Math.abs(got - exact);
      const share = distance === 0 ? 0 : distance / scaleOf(expected, index);
      return { output: name, index, got, golden: exact, share: Number.isNaN(share) ? Number.POSITIVE_INFINITY : share };
    });
  });
}

const goldenValues = (golden: GoldenCase, direction: Direction): Readonly<Record<string, readonly string[]>> =>
  direction === 'forward'
    ? { y: golden.y, ...(golden.penalty !== undefined && { penalty: [golden.penalty] }) }
    : { x: golden.vjp.x, ...golden.vjp.parameters };

const scaleOf = ({ magnitude }: Expected, index: number): number => 1e-13 * (magnitude[index] as number);

const ownValues = ({ parameters }: Activation): Record<string, [number]> =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));

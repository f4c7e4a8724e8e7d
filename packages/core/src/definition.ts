/**
 * An activation's definition: data from which the gradient, every kernel and every test are derived. It is a function;
 * calling it with settings gives an {@link Activation}, a definition whose parameters and options are set.
 */
import type { Activation, Kink, Limit } from './activation.ts';
import { input, parameter } from './expression/build.ts';
import { type Expression, isNode } from './expression/node.ts';
import { differentiate } from './graph/differentiate.ts';
import type { ForwardGraph, Parts, VjpGraph } from './graph/graph.ts';
import { mapValues } from './records.ts';
import {
  type Options,
  type OptionValues,
  type Parameters,
  resolveSettings,
  type Settings,
  type TrainableName,
} from './settings.ts';

export type { Activation, Kink, Limit } from './activation.ts';
export {
  choice,
  type Domain,
  type ExtentOption,
  extentOption,
  fixed,
  flag,
  type Interval,
  intervalOption,
  type OptionDeclaration,
  type ParameterDeclaration,
  type Settings,
  type TrainableName,
  trainable,
} from './settings.ts';

type Values<P extends Parameters> = { readonly [K in keyof P]: number };

export interface DefinitionContents<P extends Parameters, O extends Options> {
  readonly name: string;
  /** Where the formula comes from. */
  readonly source?: string;
  readonly parameters?: P;
  readonly options?: O;
  readonly presets?: Readonly<Record<string, Settings<P, O>>>;
  /** Other names of a parameter, as its own paper calls it. */
  readonly aliases?: Readonly<Record<string, keyof P & string>>;
  /** y, or y with a penalty or state, as an expression of x; several expressions are parts along the channel axis. */
  readonly forward: (
    x: Expression,
    parameters: { readonly [K in keyof P]: Expression },
    options: OptionValues<O>,
  ) => Expression | Parts | (Omit<ForwardGraph, 'y'> & { readonly y: Expression | Parts });
  readonly limits: (
    parameters: Values<P>,
    options: OptionValues<O>,
  ) => { readonly negative: Limit; readonly positive: Limit };
  readonly kinks?: (parameters: Values<P>, options: OptionValues<O>) => readonly Kink[];
  /** Points where the formula changes, beside the kinks; tests look at both sides of each. */
  readonly breakpoints?: (parameters: Values<P>) => readonly number[];
}

/** What may be set where nothing may be; `{}` would take anything. */
type NoSettings = { readonly [name in string]?: never };

export interface ActivationDefinition<P extends Parameters = Parameters, O extends Options = Options> {
  (settings?: [keyof P | keyof O] extends [never] ? NoSettings : Settings<P, O>): Activation<TrainableName<P>>;
  readonly activationName: string;
  readonly source: string | undefined;
  readonly parameters: P;
  readonly options: O;
  readonly presets: Readonly<Record<string, Settings<P, O>>>;
}

/**
 * A definition as it stands. Only the catalogue's are made so, whose contents are checked by a test; everyone else calls
 * `defineActivation`. An application that imports one activation of the catalogue need not carry the checks.
 */
export function assembleDefinition<
  const P extends Parameters = Record<never, never>,
  const O extends Options = Record<never, never>,
>(contents: DefinitionContents<P, O>): ActivationDefinition<P, O> {
  const { name, source, aliases = {}, presets = {}, kinks, breakpoints } = contents;
  const parameters = contents.parameters ?? ({} as P);
  const options = contents.options ?? ({} as O);
  const names = Object.keys(parameters);
  const trainableNames = names.filter((parameter) => parameters[parameter]?.trains) as TrainableName<P>[];
  const leaves = mapValues(parameters, (_, key) => parameter(key));
  const graphs = new Map<string, Graphs>();

  /** Those of one choice of the options; the gradient is derived when it is first asked for. */
  const graphsOf = (chosen: OptionValues<O>): Graphs => {
    const result = contents.forward(input('x'), leaves as { readonly [K in keyof P]: Expression }, chosen);
    const given = isNode(result) || isParts(result) ? { y: result } : result;
    return { forward: { ...given, y: isParts(given?.y) ? given.y : [given?.y as Expression] } };
  };

  const activate = (settings: object = {}): Activation<TrainableName<P>> => {
    const values = resolveSettings(name, parameters, options, aliases, settings as Readonly<Record<string, unknown>>);
    const key = JSON.stringify(values.options);
    const chosen = values.options as OptionValues<O>;
    const known = graphs.get(key) ?? graphsOf(chosen);
    graphs.set(key, known);
    const numbers = values.parameters as Values<P>;
    return {
      name,
      ...values,
      forward: known.forward,
      get vjp() {
        known.vjp ??= differentiate(known.forward, trainableNames);
        return known.vjp;
      },
      trainable: trainableNames,
      declarations: parameters,
      limits: contents.limits(numbers, chosen),
      kinks: kinks?.(numbers, chosen) ?? [],
      breakpoints: breakpoints?.(numbers) ?? [],
    };
  };
  return Object.assign(activate, { activationName: name, source, parameters, options, presets });
}

const isParts = (value: unknown): value is Parts => Array.isArray(value);

interface Graphs {
  readonly forward: ForwardGraph;
  vjp?: VjpGraph;
}

/**
 * An activation's definition: data from which the gradient, every kernel and every test are derived.
 *
 * `defineActivation` checks the definition once and gives back a function; calling it with settings gives an
 * {@link Activation}, a definition whose parameters and options are set.
 */
import { DefinitionError, mustBe, ParameterError } from './errors.ts';
import { input, parameter } from './expression/build.ts';
import { type Expression, type Extent, operands, topologicalOrder } from './expression/node.ts';
import { differentiate } from './graph/differentiate.ts';
import type { ForwardGraph, VjpGraph } from './graph/graph.ts';

/** The open or closed interval that a parameter must lie in. Every parameter must be finite. */
export interface Domain {
  readonly above?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface ParameterDeclaration<Trains extends boolean = boolean> {
  readonly default: number;
  readonly trains: Trains;
  readonly domain: Domain;
}

/** A parameter that has a gradient in every adapter. */
export const trainable = (value: number, domain: Domain = {}): ParameterDeclaration<true> => ({
  default: value,
  trains: true,
  domain,
});

/** A parameter that does not train. */
export const fixed = (value: number, domain: Domain = {}): ParameterDeclaration<false> => ({
  default: value,
  trains: false,
  domain,
});

/** An option chooses between graphs; it is not a number that a kernel reads. */
export interface OptionDeclaration<T = unknown> {
  readonly default: T;
  readonly requirement: string;
  readonly accepts: (value: unknown) => boolean;
  /** Values that stand for all others in tests. */
  readonly examples: readonly T[];
}

export function choice<const T extends string>(first: T, ...others: readonly T[]): OptionDeclaration<T> {
  const values = [first, ...others];
  const requirement = `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  return { default: first, requirement, accepts: (value) => values.includes(value as T), examples: values };
}

export const flag = (value: boolean): OptionDeclaration<boolean> => ({
  default: value,
  requirement: 'true or false',
  accepts: (candidate) => typeof candidate === 'boolean',
  examples: [false, true],
});

/** An extent that users may choose; `broadcastOf` is for gradients alone. */
export type ExtentOption = Exclude<Extent, { readonly broadcastOf: string }>;

export const extentOption = (value: ExtentOption): OptionDeclaration<ExtentOption> => ({
  default: value,
  requirement: '"tensor", "sample", "channel", "row" or an array of axes',
  accepts: (candidate) =>
    ['tensor', 'sample', 'channel', 'row'].includes(candidate as string) ||
    (Array.isArray(candidate) && candidate.every(Number.isInteger)),
  examples: ['tensor', 'sample', 'channel', 'row', [0], [-2, -1]],
});

/** Bounds `[low, high]`, or null for none. */
export type Interval = readonly [number, number] | null;

export const intervalOption = (value: Interval): OptionDeclaration<Interval> => ({
  default: value,
  requirement: 'null or [low, high] with low < high',
  accepts: (candidate) =>
    candidate === null ||
    (Array.isArray(candidate) &&
      candidate.length === 2 &&
      candidate.every(Number.isFinite) &&
      candidate[0] < candidate[1]),
  examples: [null, [0.5, 2]],
});

type Parameters = Readonly<Record<string, ParameterDeclaration>>;
type Options = Readonly<Record<string, OptionDeclaration>>;
type OptionValues<O extends Options> = { readonly [K in keyof O]: O[K] extends OptionDeclaration<infer T> ? T : never };

/** What a caller may set: any parameter to a number, any option to one of its values. */
export type Settings<P extends Parameters = Parameters, O extends Options = Options> = {
  readonly [K in keyof P]?: number;
} & { readonly [K in keyof O]?: OptionValues<O>[K] };

/** The names of the parameters that train. */
export type TrainableName<P extends Parameters> = {
  [K in keyof P]: P[K] extends ParameterDeclaration<true> ? K : never;
}[keyof P] &
  string;

/** A value of the derivative that the definition declares, at a point where it has none. */
export interface Kink {
  readonly at: number;
  readonly slope: number;
}

type Values<P extends Parameters> = { readonly [K in keyof P]: number };

/** Values of y and of dy/dx (for an upstream of 1) at one end; null where they depend on more than x. */
export interface Limit {
  readonly value: number | null;
  readonly slope: number | null;
}

export interface DefinitionContents<P extends Parameters, O extends Options> {
  readonly name: string;
  /** Where the formula comes from. */
  readonly source?: string;
  readonly parameters?: P;
  readonly options?: O;
  readonly presets?: Readonly<Record<string, Settings<P, O>>>;
  /** Other names of a parameter, as its own paper calls it. */
  readonly aliases?: Readonly<Record<string, keyof P & string>>;
  /** y, or y with a penalty or state, as an expression of x. */
  readonly forward: (
    x: Expression,
    parameters: { readonly [K in keyof P]: Expression },
    options: OptionValues<O>,
  ) => Expression | ForwardGraph;
  readonly limits: (parameters: Values<P>) => { readonly negative: Limit; readonly positive: Limit };
  readonly kinks?: (parameters: Values<P>) => readonly Kink[];
  /** Points where the formula changes, beside the kinks; tests look at both sides of each. */
  readonly breakpoints?: (parameters: Values<P>) => readonly number[];
}

/** A definition with its parameters and options set: what every adapter compiles. */
export interface Activation<Trainable extends string = string> {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly trainable: readonly Trainable[];
  readonly domains: Readonly<Record<string, Domain>>;
  readonly forward: ForwardGraph;
  readonly vjp: VjpGraph;
  readonly limits: { readonly negative: Limit; readonly positive: Limit };
  readonly kinks: readonly Kink[];
  readonly breakpoints: readonly number[];
}

export interface ActivationDefinition<P extends Parameters = Parameters, O extends Options = Options> {
  (settings?: Settings<P, O>): Activation<TrainableName<P>>;
  readonly activationName: string;
  readonly source: string | undefined;
  readonly parameters: P;
  readonly options: O;
  readonly presets: Readonly<Record<string, Settings<P, O>>>;
}

/**
 * Defines an activation.
 *
 * @example
 * ```ts
 * const swish = defineActivation({
 *   name: 'swish',
 *   parameters: { beta: trainable(1) },
 *   forward: (x, { beta }) => vanishingProduct(x, sigmoid(mul(beta, x))),
 *   limits: () => ({ negative: { value: -0, slope: 0 }, positive: { value: Infinity, slope: 1 } }),
 * });
 * swish({ beta: 2 });
 * ```
 * @throws DefinitionError where the definition contradicts itself.
 */
export function defineActivation<
  const P extends Parameters = Record<never, never>,
  const O extends Options = Record<never, never>,
>(contents: DefinitionContents<P, O>): ActivationDefinition<P, O> {
  const parameters = contents.parameters ?? ({} as P);
  const options = contents.options ?? ({} as O);
  const graphs = new Map<string, { forward: ForwardGraph; vjp: VjpGraph }>();
  const trainableNames = Object.keys(parameters).filter((name) => parameters[name]?.trains) as TrainableName<P>[];
  for (const name of Object.keys(parameters))
    checkParameter(
      contents.name,
      name,
      parameters[name]?.default as number,
      parameters[name] as ParameterDeclaration,
      DefinitionError,
    );

  const activate = (settings: Settings<P, O> = {}): Activation<TrainableName<P>> => {
    const values = resolveSettings(contents.name, parameters, options, contents.aliases ?? {}, settings);
    const key = JSON.stringify(values.options);
    let graph = graphs.get(key);
    if (!graph) {
      graph = buildGraphs(contents, parameters, values.options as OptionValues<O>, trainableNames);
      graphs.set(key, graph);
    }
    const numbers = values.parameters as Values<P>;
    return {
      name: contents.name,
      ...values,
      ...graph,
      trainable: trainableNames,
      domains: Object.fromEntries(Object.entries(parameters).map(([name, { domain }]) => [name, domain])),
      limits: contents.limits(numbers),
      kinks: contents.kinks?.(numbers) ?? [],
      breakpoints: contents.breakpoints?.(numbers) ?? [],
    };
  };
  activate(); // a definition that contradicts itself is refused here, not at its first use
  return Object.assign(activate, {
    activationName: contents.name,
    source: contents.source,
    parameters,
    options,
    presets: contents.presets ?? {},
  });
}

function buildGraphs<P extends Parameters, O extends Options>(
  contents: DefinitionContents<P, O>,
  declarations: P,
  options: OptionValues<O>,
  trainableNames: readonly string[],
): { forward: ForwardGraph; vjp: VjpGraph } {
  const leaves = Object.fromEntries(Object.keys(declarations).map((name) => [name, parameter(name)]));
  const result = contents.forward(input('x'), leaves as { readonly [K in keyof P]: Expression }, options);
  const forward = 'y' in result ? result : { y: result };
  checkGraph(contents.name, forward, declarations);
  return { forward, vjp: differentiate(forward, trainableNames) };
}

function checkGraph(name: string, forward: ForwardGraph, declarations: Parameters): void {
  for (const node of topologicalOrder([forward.y, ...(forward.penalty ? [forward.penalty] : [])])) {
    if (node.kind === 'parameter' && !(node.name in declarations)) {
      throw new DefinitionError(
        mustBe(`a parameter that ${name} reads`, `one of ${list(Object.keys(declarations))}`, node.name, 'Declare it.'),
      );
    }
    if (node.kind === 'input' && node.name === 'upstream') {
      throw new DefinitionError(mustBe(`an input that ${name} reads`, '"x" or "noise"', node.name));
    }
  }
  if (forward.penalty) checkPenalty(name, forward.penalty);
}

/** A penalty is one number: built of statistics over the whole tensor, constants and parameters. */
function checkPenalty(name: string, node: Expression): void {
  if (node.kind === 'input' || ((node.kind === 'statistic' || node.kind === 'count') && node.extent !== 'tensor')) {
    throw new DefinitionError(
      mustBe(`the penalty of ${name}`, 'one number for the whole tensor', node.kind, 'Take a statistic over "tensor".'),
    );
  }
  if (node.kind === 'statistic' || node.kind === 'count') return;
  for (const operand of operands(node)) checkPenalty(name, operand as Expression);
}

function resolveSettings(
  name: string,
  parameters: Parameters,
  options: Options,
  aliases: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>>,
): { parameters: Record<string, number>; options: Record<string, unknown> } {
  const values = Object.fromEntries(Object.entries(parameters).map(([key, { default: value }]) => [key, value]));
  const chosen = Object.fromEntries(Object.entries(options).map(([key, { default: value }]) => [key, value]));
  for (const [given, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const key = Object.hasOwn(aliases, given) ? (aliases[given] as string) : given;
    const declaration = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (declaration) {
      checkParameter(name, key, value, declaration, ParameterError);
      values[key] = value as number;
    } else if (option) {
      if (!option.accepts(value)) throw new ParameterError(mustBe(`${name}'s ${key}`, option.requirement, value));
      chosen[key] = value;
    } else {
      const known = [...Object.keys(parameters), ...Object.keys(options), ...Object.keys(aliases)];
      throw new ParameterError(mustBe(`a setting of ${name}`, `one of ${list(known)}`, given, 'Check its spelling.'));
    }
  }
  return { parameters: values, options: chosen };
}

/** Checks one value of a parameter, whether from its default, a setting or a call's own values. */
export function checkParameter(
  activation: string,
  name: string,
  value: unknown,
  { domain }: { readonly domain: Domain },
  ErrorClass: new (message: string) => Error = ParameterError,
): void {
  const {
    above = Number.NEGATIVE_INFINITY,
    atLeast = Number.NEGATIVE_INFINITY,
    atMost = Number.POSITIVE_INFINITY,
  } = domain;
  const fits =
    typeof value === 'number' && Number.isFinite(value) && value > above && value >= atLeast && value <= atMost;
  if (!fits) throw new ErrorClass(mustBe(`${activation}'s ${name}`, describe(domain), value));
}

function describe({ above, atLeast, atMost }: Domain): string {
  const bounds = [
    above === undefined ? '' : ` above ${above}`,
    atLeast === undefined ? '' : ` of at least ${atLeast}`,
    atMost === undefined ? '' : ` of at most ${atMost}`,
  ];
  return `a finite number${bounds.filter(Boolean).join(' and')}`;
}

const list = (names: readonly string[]): string =>
  names.length ? names.map((name) => JSON.stringify(name)).join(', ') : 'none (it has no settings)';

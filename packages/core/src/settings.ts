/** What a definition lets its callers set: numbers in a domain, and choices between graphs. */
import { anyOf, ParameterError, refuse } from './errors.ts';
import type { Extent } from './expression/node.ts';
import { mapValues } from './records.ts';

/** The open or closed interval that a parameter must lie in. Every parameter must be finite. */
export interface Domain {
  readonly above?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What may be set: its value if it is not, and which other values it may have. */
interface Declaration<T> {
  readonly default: T;
  readonly requirement: string;
  readonly accepts: (value: unknown) => boolean;
}

export interface ParameterDeclaration<Trains extends boolean = boolean> extends Declaration<number> {
  readonly trains: Trains;
  readonly domain: Domain;
}

/** A parameter that has a gradient in every adapter. */
export const trainable = (value: number, domain: Domain = {}): ParameterDeclaration<true> => ({
  ...numberIn(value, domain),
  trains: true,
});

/** A parameter that does not train. */
export const fixed = (value: number, domain: Domain = {}): ParameterDeclaration<false> => ({
  ...numberIn(value, domain),
  trains: false,
});

function numberIn(value: number, domain: Domain): Omit<ParameterDeclaration, 'trains'> {
  const { above = -Infinity, atLeast = above, atMost = Infinity } = domain;
  const bounds = Object.entries(domain).map(([bound, limit]) => ` ${phrases[bound as keyof Domain]} ${limit}`);
  return {
    default: value,
    domain,
    requirement: `a finite number${bounds.join(' and')}`,
    accepts: (candidate) => {
      const number = candidate as number; // anything else is not finite
      return Number.isFinite(number) && number > above && number >= atLeast && number <= atMost;
    },
  };
}

const phrases = { above: 'above', atLeast: 'of at least', atMost: 'of at most' } as const satisfies Record<
  keyof Domain,
  string
>;

/** An option chooses between graphs; it is not a number that a kernel reads. */
export interface OptionDeclaration<T = unknown> extends Declaration<T> {
  /** Values that stand for all others in tests. */
  readonly examples: readonly T[];
}

export function choice<const T extends string>(first: T, ...others: readonly T[]): OptionDeclaration<T> {
  const values = [first, ...others];
  return {
    default: first,
    requirement: anyOf(values),
    accepts: (value) => values.includes(value as T),
    examples: values,
  };
}

export const flag = (value: boolean): OptionDeclaration<boolean> => ({
  default: value,
  requirement: 'true or false',
  accepts: (candidate) => typeof candidate === 'boolean',
  examples: [false, true],
});

/** An extent that users may choose; `broadcastOf` is for gradients alone. */
export type ExtentOption = Exclude<Extent, { readonly broadcastOf: string }>;

const extents = ['tensor', 'sample', 'channel', 'row'] as const;

export const extentOption = (value: ExtentOption): OptionDeclaration<ExtentOption> => ({
  default: value,
  requirement: '"tensor", "sample", "channel", "row" or an array of axes',
  accepts: (candidate) =>
    extents.includes(candidate as 'row') || (Array.isArray(candidate) && candidate.every(Number.isInteger)),
  examples: [...extents, [0], [-2, -1]],
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

export type Parameters = Readonly<Record<string, ParameterDeclaration>>;
export type Options = Readonly<Record<string, OptionDeclaration>>;
export type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends OptionDeclaration<infer T> ? T : never;
};

/** What a caller may set: any parameter to a number, any option to one of its values. */
export type Settings<P extends Parameters = Parameters, O extends Options = Options> = {
  readonly [K in keyof P]?: number;
} & { readonly [K in keyof O]?: OptionValues<O>[K] };

/** The values of all parameters and options: those given, the defaults else. */
export function resolveSettings(
  name: string,
  parameters: Parameters,
  options: Options,
  aliases: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>>,
): { parameters: Record<string, number>; options: Record<string, unknown> } {
  const declarations: Readonly<Record<string, Declaration<unknown>>> = { ...parameters, ...options };
  const given: Record<string, unknown> = {};
  for (const [setting, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const key = Object.hasOwn(aliases, setting) ? (aliases[setting] as string) : setting;
    checkName(`a setting of ${name}`, Object.keys({ ...declarations, ...aliases }), setting, 'Check its spelling.');
    checkSetting(name, key, value, declarations[key]);
    given[key] = value;
  }
  const valueOf = <T>({ default: value }: Declaration<T>, key: string): T =>
    Object.hasOwn(given, key) ? (given[key] as T) : value; // as the declaration accepts it
  return { parameters: mapValues(parameters, valueOf), options: mapValues(options, valueOf) };
}

/** Checks that a name is one of those that are known. */
export function checkName(subject: string, known: readonly string[], name: string, remedy?: string): void {
  if (!known.includes(name)) refuse(ParameterError, subject, anyOf(known), name, remedy);
}

/** Checks one value of a parameter or option, whether from its default, a setting or a call's own values. */
export function checkSetting(
  activation: string,
  key: string,
  value: unknown,
  declaration: Declaration<unknown> | undefined,
  ErrorClass: new (message: string) => Error = ParameterError,
): void {
  if (declaration && !declaration.accepts(value)) {
    refuse(ErrorClass, `${activation}'s ${key}`, declaration.requirement, value);
  }
}

/** The names of the parameters that train. */
export type TrainableName<P extends Parameters> = {
  [K in keyof P]: P[K] extends ParameterDeclaration<true> ? K : never;
}[keyof P] &
  string;

/** Every operation by its name, for those who handle them all: code generators and tests. */
import * as arithmetic from './arithmetic.ts';
import * as functions from './functions.ts';
import type { Operand } from './leaves.ts';
import type { BinaryName, Expression, StatisticName, UnaryName } from './node.ts';
import * as statistics from './statistics.ts';

const { abs, add, detach, div, floor, highPart, maximum, minimum, mul, neg, round, sqrt, sub } = arithmetic;
const { scaleByPowerOfTwo, vanishingProduct } = arithmetic;

export const unaryConstructors = {
  negate: neg,
  absolute: abs,
  floor,
  round,
  sqrt,
  highPart,
  detach,
  ...functions,
} as const satisfies Readonly<Record<UnaryName, arithmetic.UnaryConstructor>>;

export const binaryConstructors = {
  add,
  subtract: sub,
  multiply: mul,
  divide: div,
  minimum,
  maximum,
  vanishingProduct,
  scaleByPowerOfTwo,
} as const satisfies Readonly<Record<BinaryName, arithmetic.BinaryConstructor>>;

const { sum, mean, variance } = statistics;
export const statisticConstructors = { sum, mean, variance } as const satisfies Readonly<
  Record<StatisticName, statistics.StatisticConstructor>
>;

export const unary = (name: UnaryName, operand: Operand): Expression => unaryConstructors[name](operand);
export const binary = (name: BinaryName, left: Operand, right: Operand): Expression =>
  binaryConstructors[name](left, right);

/** Each function of one number in float64; generated JavaScript calls the same ones. */
export const float64Functions = /* @__PURE__ */ evaluatorsOf(unaryConstructors);
/** Each function of two numbers in float64. */
export const float64Operators = /* @__PURE__ */ evaluatorsOf(binaryConstructors);

type Evaluators<T extends Readonly<Record<string, { readonly operation: { readonly evaluate: unknown } }>>> = {
  readonly [Name in keyof T]: T[Name]['operation']['evaluate'];
};
function evaluatorsOf<T extends Readonly<Record<string, { readonly operation: { readonly evaluate: unknown } }>>>(
  constructors: T,
): Evaluators<T> {
  const entries = Object.entries(constructors).map(([name, { operation }]) => [name, operation.evaluate]);
  return Object.fromEntries(entries) as Evaluators<T>; // an entry for each name
}

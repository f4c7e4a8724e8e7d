/**
 * Constructors of expressions. Where a result is known whatever the values (constants, a factor of one), they return
 * the simpler node; a rewrite that could change a NaN, an infinity or the sign of a zero is never made here.
 */

import { evaluateBinary, evaluateUnary } from './evaluate.ts';
import {
  type BinaryName,
  type ComparisonName,
  type Expression,
  type Extent,
  type FunctionName,
  type InputName,
  intern,
  type Predicate,
  type StatisticName,
  type UnaryName,
} from './node.ts';

/** An expression, or a number that stands for a constant. */
export type Operand = Expression | number;

export const constant = (value: number): Expression => intern({ kind: 'constant', value });
export const input = (name: InputName): Expression => intern({ kind: 'input', name });
export const parameter = (name: string): Expression => intern({ kind: 'parameter', name });
export const state = (name: string, extent: Extent): Expression => intern({ kind: 'state', name, extent });
/** The formal argument of a library function's body. */
export const argument = (index = 0): Expression => intern({ kind: 'argument', index });
/** The number of elements that share the extent. */
export const size = (extent: Extent): Expression => intern({ kind: 'size', extent });

const asExpression = (operand: Operand): Expression => (typeof operand === 'number' ? constant(operand) : operand);
const isConstant = (node: Expression, value: number): boolean =>
  node.kind === 'constant' && Object.is(node.value, value);

export function unary(name: UnaryName, operand: Operand): Expression {
  const node = asExpression(operand);
  if (node.kind === 'constant') return constant(evaluateUnary(name, node.value));
  if (name === 'negate' && node.kind === 'unary' && node.name === 'negate') return node.operand;
  return intern({ kind: 'unary', name, operand: node });
}

export function binary(name: BinaryName, a: Operand, b: Operand): Expression {
  const left = asExpression(a);
  const right = asExpression(b);
  if (left.kind === 'constant' && right.kind === 'constant') {
    return constant(evaluateBinary(name, left.value, right.value));
  }
  if (name === 'multiply' || name === 'vanishingProduct' || name === 'divide') {
    if (isConstant(right, 1)) return left;
    if (isConstant(right, -1)) return unary('negate', left);
  }
  if (name === 'multiply') {
    if (isConstant(left, 1)) return right;
    if (isConstant(left, -1)) return unary('negate', right);
  }
  if ((name === 'subtract' && isConstant(right, 0)) || (name === 'add' && isConstant(right, -0))) return left;
  if (name === 'add' && isConstant(left, -0)) return right;
  return intern({ kind: 'binary', name, left, right });
}

const unaryBuilder =
  (name: UnaryName) =>
  (operand: Operand): Expression =>
    unary(name, operand);
const binaryBuilder =
  (name: BinaryName) =>
  (left: Operand, right: Operand): Expression =>
    binary(name, left, right);

export const add: (left: Operand, right: Operand) => Expression = binaryBuilder('add');
export const sub: (left: Operand, right: Operand) => Expression = binaryBuilder('subtract');
export const mul: (left: Operand, right: Operand) => Expression = binaryBuilder('multiply');
export const div: (left: Operand, right: Operand) => Expression = binaryBuilder('divide');
export const minimum: (left: Operand, right: Operand) => Expression = binaryBuilder('minimum');
export const maximum: (left: Operand, right: Operand) => Expression = binaryBuilder('maximum');
/** a·b, and 0 with the sign of the product where b is 0, whatever a is: x·σ(x) at -∞ is -0. */
export const vanishingProduct: (a: Operand, b: Operand) => Expression = binaryBuilder('vanishingProduct');
/** a·2^k for integral k. */
export const scaleByPowerOfTwo: (a: Operand, k: Operand) => Expression = binaryBuilder('scaleByPowerOfTwo');

export const neg: (operand: Operand) => Expression = unaryBuilder('negate');
export const abs: (operand: Operand) => Expression = unaryBuilder('absolute');
export const floor: (operand: Operand) => Expression = unaryBuilder('floor');
/** To the nearest integer, ties to even. */
export const round: (operand: Operand) => Expression = unaryBuilder('round');
/** The square root; its derivative at 0 is declared 0, so that the gradient of a constant group's deviation is 0. */
export const sqrt: (operand: Operand) => Expression = unaryBuilder('sqrt');
/** The number cut to the upper 12 bits of its float32 significand, so that its square is exact in float32. */
export const highPart: (operand: Operand) => Expression = unaryBuilder('highPart');
/** The same value, and a constant to the gradient. */
export const detach: (operand: Operand) => Expression = unaryBuilder('detach');
export const square = (operand: Expression): Expression => mul(operand, operand);

const functionBuilder = (name: FunctionName): ((operand: Operand) => Expression) => unaryBuilder(name);
export const exp: (operand: Operand) => Expression = functionBuilder('exp');
export const expm1: (operand: Operand) => Expression = functionBuilder('expm1');
export const log: (operand: Operand) => Expression = functionBuilder('log');
export const log1p: (operand: Operand) => Expression = functionBuilder('log1p');
/** The logistic function 1/(1 + e^-t). */
export const sigmoid: (operand: Operand) => Expression = functionBuilder('sigmoid');
export const tanh: (operand: Operand) => Expression = functionBuilder('tanh');
/** log(1 + e^t). */
export const softplus: (operand: Operand) => Expression = functionBuilder('softplus');
export const atan: (operand: Operand) => Expression = functionBuilder('atan');
/** The arc sine, of the argument clipped to [-1, 1]; its derivative is 0 from there on. */
export const asin: (operand: Operand) => Expression = functionBuilder('asin');
export const erf: (operand: Operand) => Expression = functionBuilder('erf');
export const erfc: (operand: Operand) => Expression = functionBuilder('erfc');

const comparison = (name: ComparisonName, left: Operand, right: Operand): Predicate =>
  intern({ kind: 'comparison', name, left: asExpression(left), right: asExpression(right) });
export const less = (left: Operand, right: Operand): Predicate => comparison('less', left, right);
export const lessOrEqual = (left: Operand, right: Operand): Predicate => comparison('lessOrEqual', left, right);
export const greater = (left: Operand, right: Operand): Predicate => comparison('less', right, left);
export const greaterOrEqual = (left: Operand, right: Operand): Predicate => comparison('lessOrEqual', right, left);
export const equal = (left: Operand, right: Operand): Predicate => comparison('equal', left, right);
export const isNaN = (operand: Expression): Predicate => intern({ kind: 'isNaN', operand });
export const not = (operand: Predicate): Predicate => intern({ kind: 'not', operand });
export const both = (left: Predicate, right: Predicate): Predicate => intern({ kind: 'both', left, right });
export const either = (left: Predicate, right: Predicate): Predicate => intern({ kind: 'either', left, right });

/** One of two values. The branch that is not chosen contributes nothing, not even its NaN. */
export function select(condition: Predicate, whenTrue: Operand, whenFalse: Operand): Expression {
  const [ifTrue, ifFalse] = [asExpression(whenTrue), asExpression(whenFalse)];
  return ifTrue === ifFalse ? ifTrue : intern({ kind: 'select', condition, whenTrue: ifTrue, whenFalse: ifFalse });
}

const statistic = (name: StatisticName, operand: Operand, extent: Extent): Expression =>
  intern({ kind: 'statistic', name, operand: asExpression(operand), extent });
export const sum = (operand: Operand, extent: Extent): Expression => statistic('sum', operand, extent);
/** The number of elements of the extent for which the predicate holds. */
export const count = (where: Predicate, extent: Extent): Expression => intern({ kind: 'count', where, extent });
/** Mean and centred variance (ddof 0) of the same operand, gathered in one pass. */
export const moments = (operand: Operand, extent: Extent): { mean: Expression; variance: Expression } => ({
  mean: statistic('mean', operand, extent),
  variance: statistic('variance', operand, extent),
});
export const mean = (operand: Operand, extent: Extent): Expression => statistic('mean', operand, extent);

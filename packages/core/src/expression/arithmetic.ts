/**
 * Arithmetic: for each operation its value in float64 and its rule of differentiation. Where a result is known whatever
 * the values (constants, a factor of one), the constructors return the simpler node; a rewrite that could change a NaN,
 * an infinity or the sign of a zero is never made here.
 *
 * In the rules an adjoint of 0 hands on 0, and so does a factor of 0, whatever the other one is: 0·∞ never arises.
 */
import { asExpression, constant, isConstant, type Operand } from './leaves.ts';
import { type BinaryOperation, type Expression, intern, type UnaryOperation } from './node.ts';
import { equal, less, scaled, select } from './predicates.ts';
import { highPartOf, roundHalfToEven } from './rounding.ts';

/** Makes a node of its operation. */
export type UnaryConstructor = ((operand: Operand) => Expression) & { readonly operation: UnaryOperation };
export type BinaryConstructor = ((left: Operand, right: Operand) => Expression) & {
  readonly operation: BinaryOperation;
};

/** The operation on an operand; of a constant it is computed here and now. */
export function applyUnary(operation: UnaryOperation, operand: Operand): Expression {
  const { name } = operation;
  const node = asExpression(operand);
  if (node.kind === 'constant') return constant(operation.evaluate(node.value));
  if (name === 'negate' && node.kind === 'unary' && node.name === 'negate') return node.operand;
  return intern({ kind: 'unary', name, operation, operand: node });
}

/** The operation on two operands; of constants it is computed here and now. */
export function applyBinary(operation: BinaryOperation, a: Operand, b: Operand): Expression {
  const { name } = operation;
  const left = asExpression(a);
  const right = asExpression(b);
  if (left.kind === 'constant' && right.kind === 'constant') {
    return constant(operation.evaluate(left.value, right.value));
  }
  const [neutralLeft, neutralRight] = operation.neutral ?? [];
  if (isConstant(right, neutralRight)) return left;
  if (isConstant(left, neutralLeft)) return right;
  // what keeps a number by 1 turns its sign by -1
  if (neutralRight === 1 && isConstant(right, -1)) return neg(left);
  if (neutralLeft === 1 && isConstant(left, -1)) return neg(right);
  return intern({ kind: 'binary', name, operation, left, right });
}

export const unaryConstructor = (operation: UnaryOperation): UnaryConstructor =>
  Object.assign((operand: Operand) => applyUnary(operation, operand), { operation });
const binaryConstructor = (operation: BinaryOperation): BinaryConstructor =>
  Object.assign((left: Operand, right: Operand) => applyBinary(operation, left, right), { operation });

/** The adjoint times a local derivative: 0 where the derivative is 0, however large the adjoint. */
export const chained = (adjoint: Expression, derivative: Expression): Expression =>
  scaled(adjoint, derivative, vanishingProduct);

/** The same for a derivative without bound: 0 where the adjoint is 0 as well, however large the derivative. */
export const chainedUnbounded = (adjoint: Expression, derivative: Expression): Expression =>
  scaled(adjoint, derivative, unlessZero(vanishingProduct));

/** The adjoint itself where it is 0, else what is made of it. */
const unlessZero =
  (make: (adjoint: Operand, factor: Operand) => Expression) =>
  (adjoint: Operand, factor: Operand): Expression =>
    select(equal(adjoint, 0), adjoint, make(adjoint, factor));

/** The adjoint times the other factor of a product: 0 where the adjoint is 0, however large the factor. */
const shared = (adjoint: Expression, factor: Expression): Expression =>
  scaled(adjoint, factor, (u, other) => vanishingProduct(other, u));

export const neg: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'negate',
  evaluate: (t) => -t,
  derivative: () => constant(-1),
});
export const abs: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'absolute',
  evaluate: Math.abs,
  derivative: (t) => select(less(0, t), 1, select(less(t, 0), -1, 0)),
});
export const floor: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'floor',
  evaluate: Math.floor,
  derivative: null,
});
/** To the nearest integer, ties to even. */
export const round: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'round',
  evaluate: roundHalfToEven,
  derivative: null,
});
/** The square root; its derivative at 0 is declared 0, so that the gradient of a constant group's deviation is 0. */
export const sqrt: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'sqrt',
  evaluate: Math.sqrt,
  derivative: (_, root) => select(equal(root, 0), 0, div(0.5, root)),
});
/** The number cut to the upper 12 bits of its float32 significand, so that its square is exact in float32. */
export const highPart: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'highPart',
  evaluate: highPartOf,
  derivative: null,
});
/** The same value, and a constant to the gradient. */
export const detach: UnaryConstructor = /* @__PURE__ */ unaryConstructor({
  name: 'detach',
  evaluate: (t) => t,
  derivative: null,
});

export const add: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'add',
  neutral: [-0, -0],
  evaluate: (a, b) => a + b,
  adjoints: (u) => [u, u],
});
export const sub: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'subtract',
  neutral: [undefined, 0],
  evaluate: (a, b) => a - b,
  adjoints: (u) => [u, neg(u)],
});
export const mul: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'multiply',
  neutral: [1, 1],
  evaluate: (a, b) => a * b,
  adjoints: (u, a, b) => [shared(u, b), shared(u, a)],
});
export const div: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'divide',
  neutral: [undefined, 1],
  evaluate: (a, b) => a / b,
  adjoints: (u, _, b, quotient) =>
    least(b) > 0
      ? [scaled(u, b, div), neg(chained(u, div(quotient, b)))]
      : [scaled(u, b, unlessZero(div)), neg(chainedUnbounded(u, div(quotient, b)))],
});
/** At a tie the right operand is the one that was chosen. */
export const minimum: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'minimum',
  evaluate: (a, b) => Math.min(a, b),
  adjoints: (u, a, b) => [select(less(a, b), u, 0), select(less(a, b), 0, u)],
});
/** At a tie the right operand is the one that was chosen. */
export const maximum: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'maximum',
  evaluate: (a, b) => Math.max(a, b),
  adjoints: (u, a, b) => [select(less(b, a), u, 0), select(less(b, a), 0, u)],
});
/** a·b, and 0 with the sign of the product where b is 0, whatever a is: x·σ(x) at -∞ is -0. */
export const vanishingProduct: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'vanishingProduct',
  neutral: [undefined, 1],
  evaluate: (a, b) => (b === 0 ? (a < 0 ? -b : b) : a * b),
  adjoints: (u, a, b) => [chained(u, b), shared(u, a)],
});
/** a·2^k for integral k. */
export const scaleByPowerOfTwo: BinaryConstructor = /* @__PURE__ */ binaryConstructor({
  name: 'scaleByPowerOfTwo',
  evaluate: (a, k) => a * 2 ** k,
  adjoints: (u, _, k) => [scaleByPowerOfTwo(u, k), null],
});

/**
 * What a divisor is seen to be at least: 1 stands for above 0, -1 for anything. 1 + |t| is above 0, and √(mean(t²) + ε): a
 * parameter is there to keep it so.
 */
function least(node: Expression): number {
  switch (node.kind) {
    case 'constant':
      return Math.sign(node.value);
    case 'parameter':
    case 'size':
      return 1;
    case 'unary':
      return node.name === 'absolute' ? 0 : node.name === 'sqrt' ? least(node.operand) : -1;
    case 'binary': {
      const [one, other] = [least(node.left), least(node.right)];
      if (node.name === 'multiply' && node.left === node.right) return 0;
      return node.name === 'add' && one + other > 0 ? 1 : -1;
    }
    default:
      return node.kind === 'statistic' ? least(node.operand) : -1;
  }
}

export const square = (operand: Expression): Expression => mul(operand, operand);

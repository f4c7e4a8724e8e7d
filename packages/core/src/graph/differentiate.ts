/**
 * Reverse-mode differentiation: from an activation's graph to its vector-Jacobian product, again a graph.
 *
 * Every node is a field over the elements, so the adjoint of a node is a field of contributions, one per element. A
 * statistic or a parameter has one value for many elements: there, and only there, the contributions are summed over
 * the elements that share it. The penalty is one number for the whole tensor; its adjoint is a *total* from the start
 * and stays one until it reaches a statistic.
 */
import {
  abs,
  add,
  constant,
  div,
  equal,
  exp,
  input,
  isNaN,
  less,
  moments,
  mul,
  neg,
  parameter,
  scaleByPowerOfTwo,
  select,
  sigmoid,
  size,
  sqrt,
  square,
  sub,
  sum,
  vanishingProduct,
} from '../expression/build.ts';
import {
  type BinaryName,
  type Expression,
  type Extent,
  type Predicate,
  type StatisticName,
  topologicalOrder,
  type UnaryName,
} from '../expression/node.ts';
import type { ForwardGraph, VjpGraph } from './graph.ts';

/** The scalar input that carries the upstream gradient of the penalty. */
export const upstreamPenalty = 'upstreamPenalty';

/** f'(t), given t and f(t); null where nothing flows. */
type UnaryRule = ((t: Expression, value: Expression) => Expression) | null;

/** The derivative of each function of one number, in the form that does not cancel or overflow. */
export const unaryRules: Readonly<Record<UnaryName, UnaryRule>> = {
  negate: () => constant(-1),
  absolute: (t) => select(less(0, t), 1, select(less(t, 0), -1, 0)),
  floor: null,
  round: null,
  highPart: null,
  detach: null,
  sqrt: (_, root) => select(equal(root, 0), 0, div(0.5, root)),
  exp: (_, value) => value,
  expm1: (t) => exp(t),
  log: (t) => div(1, t),
  log1p: (t) => div(1, add(1, t)),
  sigmoid: (t) => mul(sigmoid(t), sigmoid(neg(t))),
  tanh: (t) => mul(mul(4, sigmoid(mul(2, t))), sigmoid(mul(-2, t))),
  softplus: (t) => sigmoid(t),
  atan: (t) => div(1, add(1, square(t))),
  asin: (t) => select(less(abs(t), 1), div(1, sqrt(mul(sub(1, t), add(1, t)))), 0),
  erf: (t) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(t)))),
  erfc: (t) => mul(-2 / Math.sqrt(Math.PI), exp(neg(square(t)))),
};

/** What a two-operand node hands to its left and right operand, given its own adjoint. */
type BinaryRule = (
  adjoint: Expression,
  left: Expression,
  right: Expression,
  value: Expression,
) => readonly [Expression | null, Expression | null];

/**
 * adjoint·factor. An adjoint that applies in one branch alone stays a select, so that the other branch contributes 0 even
 * where the factor is infinite there.
 */
function scaled(adjoint: Expression, factor: Expression, product: typeof vanishingProduct): Expression {
  if (adjoint.kind === 'select') {
    if (isZero(adjoint.whenFalse)) return select(adjoint.condition, scaled(adjoint.whenTrue, factor, product), 0);
    if (isZero(adjoint.whenTrue)) return select(adjoint.condition, 0, scaled(adjoint.whenFalse, factor, product));
  }
  return product(adjoint, factor);
}

/** The adjoint times a local derivative: 0 where the derivative is 0, however large the adjoint. */
const chained = (adjoint: Expression, derivative: Expression): Expression =>
  scaled(adjoint, derivative, vanishingProduct);

/** The adjoint times the other factor of a product: 0 where the adjoint is 0, however large the factor. */
const shared = (adjoint: Expression, factor: Expression): Expression =>
  scaled(adjoint, factor, (u, other) => vanishingProduct(other, u));

/** An adjoint of 0 hands on 0, and so does a factor of 0, whatever the other one is: 0·∞ never arises. */
export const binaryRules: Readonly<Record<BinaryName, BinaryRule>> = {
  add: (u) => [u, u],
  subtract: (u) => [u, neg(u)],
  multiply: (u, a, b) => [shared(u, b), shared(u, a)],
  vanishingProduct: (u, a, b) => [chained(u, b), shared(u, a)],
  divide: (u, _, b, quotient) => [scaled(u, b, div), neg(chained(u, div(quotient, b)))],
  // at a tie the right operand is the one that was chosen
  maximum: (u, a, b) => [select(less(b, a), u, 0), select(less(b, a), 0, u)],
  minimum: (u, a, b) => [select(less(a, b), u, 0), select(less(a, b), 0, u)],
  scaleByPowerOfTwo: (u, _, k) => [scaleByPowerOfTwo(u, k), null],
};

/** The contribution of a statistic's summed adjoint to each element of its operand. */
export const statisticRules: Readonly<
  Record<StatisticName, (total: Expression, operand: Expression, extent: Extent) => Expression>
> = {
  sum: (total) => total,
  mean: (total, _, extent) => div(total, size(extent)),
  variance: (total, t, extent) => vanishingProduct(mul(div(2, size(extent)), sub(t, moments(t, extent).mean)), total),
};

/** All rules; the suite puts a wrong one in, to show that the golden values notice. */
export interface DifferentiationRules {
  readonly unary: typeof unaryRules;
  readonly binary: typeof binaryRules;
  readonly statistic: typeof statisticRules;
  /** What goes to the chosen and to the other operand. */
  readonly select: (adjoint: Expression, condition: Predicate) => readonly [Expression, Expression];
}

export const differentiationRules: DifferentiationRules = {
  unary: unaryRules,
  binary: binaryRules,
  statistic: statisticRules,
  select: (u, condition) => [select(condition, u, 0), select(condition, 0, u)],
};

/** The exact vector-Jacobian product of a forward graph for x and the named parameters. */
export function differentiate(
  forward: ForwardGraph,
  parameters: readonly string[],
  rules: DifferentiationRules = differentiationRules,
): VjpGraph {
  const fields = new Map<Expression, Expression>();
  const totals = new Map<Expression, Expression>();
  fields.set(forward.y, input('upstream'));
  if (forward.penalty) totals.set(forward.penalty, parameter(upstreamPenalty));

  const roots = forward.penalty ? [forward.y, forward.penalty] : [forward.y];
  for (const node of topologicalOrder(roots).reverse()) {
    switch (node.kind) {
      case 'unary': {
        const rule = rules.unary[node.name];
        if (!rule) break;
        contribute(node, node.operand, (u) => chained(u, rule(node.operand, node)));
        break;
      }
      case 'binary': {
        const rule = rules.binary[node.name];
        for (const side of [0, 1] as const) {
          contribute(node, side ? node.right : node.left, (u) => rule(u, node.left, node.right, node)[side]);
        }
        break;
      }
      case 'select':
        contribute(node, node.whenTrue, (u) => rules.select(u, node.condition)[0]);
        contribute(node, node.whenFalse, (u) => rules.select(u, node.condition)[1]);
        break;
      case 'statistic': {
        const total = totalOf(node, node.extent);
        if (!total) break;
        const share = rules.statistic[node.name](total, node.operand, node.extent);
        // nothing flows through a statistic that an infinity in its group has made infinite
        accumulate(fields, node.operand, select(equal(abs(node), Number.POSITIVE_INFINITY), 0, share));
        break;
      }
    }
  }

  const x = fields.get(input('x')) ?? constant(0);
  return {
    x: select(isNaN(input('x')), input('x'), x),
    parameters: Object.fromEntries(
      parameters.map((name) => [name, totalOf(parameter(name), { broadcastOf: name }) ?? constant(0)]),
    ),
  };

  function contribute(from: Expression, to: Expression, through: (adjoint: Expression) => Expression | null): void {
    if (to.kind === 'constant') return;
    for (const adjoints of [fields, totals]) {
      const adjoint = adjoints.get(from);
      const contribution = adjoint && through(adjoint);
      if (contribution) accumulate(adjoints, to, contribution);
    }
  }

  /** The whole adjoint of a node that one value stands for all elements of the extent. */
  function totalOf(node: Expression, extent: Extent): Expression | undefined {
    const field = fields.get(node);
    const total = totals.get(node);
    if (!field) return total;
    return total ? add(sum(field, extent), total) : sum(field, extent);
  }
}

function accumulate(adjoints: Map<Expression, Expression>, node: Expression, contribution: Expression): void {
  const sofar = adjoints.get(node);
  adjoints.set(node, sofar ? joined(sofar, contribution) : contribution);
}

/** The sum of two contributions; those of the two branches of one select are again one select. */
function joined(a: Expression, b: Expression): Expression {
  if (a.kind === 'select' && b.kind === 'select' && a.condition === b.condition) {
    if (isZero(a.whenTrue) && isZero(b.whenFalse)) return select(a.condition, b.whenTrue, a.whenFalse);
    if (isZero(a.whenFalse) && isZero(b.whenTrue)) return select(a.condition, a.whenTrue, b.whenFalse);
  }
  return add(a, b);
}

const isZero = (node: Expression): boolean => node.kind === 'constant' && node.value === 0;

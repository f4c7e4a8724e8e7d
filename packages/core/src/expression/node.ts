/**
 * The expression language: an activation, its gradient and every float32 library function are graphs of these nodes.
 *
 * A node denotes a *field*: one number for each element of the tensor. A statistic is a field too, constant over the
 * elements that share its extent. Nodes are frozen and interned, so that equal graphs are the same object and a common
 * subexpression is found by identity.
 */

/**
 * Which elements share a statistic: all of them, all but axis 0, all but the channel axis, the last axis, the named
 * axes, or (in gradients) the axes along which a parameter was broadcast.
 */
export type Extent = 'tensor' | 'sample' | 'channel' | 'row' | readonly number[] | { readonly broadcastOf: string };

/** The element-shaped tensors that an expression can read. */
export type InputName = 'x' | 'upstream' | 'noise';

/** Functions of one number that every target computes as they stand. */
export type PrimitiveName = 'negate' | 'absolute' | 'floor' | 'round' | 'sqrt' | 'highPart' | 'detach';

/** Functions of one number that a target may have to legalise. */
export type FunctionName =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sigmoid'
  | 'tanh'
  | 'softplus'
  | 'atan'
  | 'asin'
  | 'erf'
  | 'erfc';

export type UnaryName = PrimitiveName | FunctionName;

/**
 * `vanishingProduct(a, b)` is a·b, and 0 (with the sign of the product) where b is 0, whatever a is.
 * `scaleByPowerOfTwo(a, k)` is a·2^k for an integral k; the result is exact unless it is subnormal.
 * `minimum` and `maximum` give NaN if either operand is NaN.
 */
export type BinaryName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'minimum'
  | 'maximum'
  | 'vanishingProduct'
  | 'scaleByPowerOfTwo';

export type ComparisonName = 'less' | 'lessOrEqual' | 'equal';

/** `variance` is the centred one, divided by the number of elements (ddof 0). */
export type StatisticName = 'sum' | 'mean' | 'variance';

/** A function of one number: its value in float64, and its derivative given t and f(t); null where nothing flows. */
export interface UnaryOperation {
  readonly name: UnaryName;
  readonly evaluate: (t: number) => number;
  readonly derivative: ((t: Expression, value: Expression) => Expression) | null;
  /** How an adjoint meets the derivative, unless it is as in `chained`: as a rule where that is infinite for some t. */
  readonly chain?: (adjoint: Expression, derivative: Expression) => Expression;
}

/** A function of two numbers: its value in float64, and what it hands to its operands, given its own adjoint. */
export interface BinaryOperation {
  readonly name: BinaryName;
  /** The left and the right operand that leave every other one as it is, NaN and the sign of zero included. */
  readonly neutral?: readonly [number | undefined, number | undefined];
  readonly evaluate: (a: number, b: number) => number;
  readonly adjoints: (
    adjoint: Expression,
    left: Expression,
    right: Expression,
    value: Expression,
  ) => readonly [Expression | null, Expression | null];
}

export interface ComparisonOperation {
  readonly name: ComparisonName;
  readonly evaluate: (a: number, b: number) => boolean;
}

/** What a select or a logical node makes of its operands; predicates are 0 or 1. */
export interface LogicalOperation {
  readonly evaluate: (a: number, b: number, c: number) => number | boolean;
}

/** A statistic: its value in float64 over a group, and what its summed adjoint hands to each element of its operand. */
export interface StatisticOperation {
  readonly name: StatisticName;
  readonly evaluate: (size: number, at: (k: number) => number) => number;
  readonly share: (total: Expression, operand: Expression, extent: Extent) => Expression;
}

/**
 * What a node computes stands in the node itself, as its `operation`: whoever imports one activation gets the functions
 * that it uses and no table of all.
 */
export type Expression =
  | { readonly kind: 'constant'; readonly id: number; readonly value: number }
  /** `part` counts the parts of an upstream gradient, which has those of y; it is 0 elsewhere. Noise is drawn. */
  | {
      readonly kind: 'input';
      readonly id: number;
      readonly name: InputName;
      readonly part: number;
      readonly draw?: (length: number, seed: ArrayLike<number>) => ArrayLike<number>;
      /** Refuses what is no seed, in the name of an activation. */
      readonly checkSeed?: (activation: string, seed: unknown) => void;
    }
  | { readonly kind: 'parameter'; readonly id: number; readonly name: string }
  /** A value per group that an earlier call left behind, such as AdaReLU's counts. */
  | { readonly kind: 'state'; readonly id: number; readonly name: string; readonly extent: Extent }
  /** The formal argument of a library function's body. */
  | { readonly kind: 'argument'; readonly id: number; readonly index: number }
  | {
      readonly kind: 'unary';
      readonly id: number;
      readonly name: UnaryName;
      readonly operation: UnaryOperation;
      readonly operand: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly id: number;
      readonly name: BinaryName;
      readonly operation: BinaryOperation;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'select';
      readonly id: number;
      readonly operation: LogicalOperation;
      readonly condition: Predicate;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | {
      readonly kind: 'statistic';
      readonly id: number;
      readonly name: StatisticName;
      readonly operation: StatisticOperation;
      readonly operand: Expression;
      readonly extent: Extent;
    }
  | { readonly kind: 'count'; readonly id: number; readonly where: Predicate; readonly extent: Extent }
  /** The number of elements that share the extent. */
  | { readonly kind: 'size'; readonly id: number; readonly extent: Extent };

export type Predicate =
  | {
      readonly kind: 'comparison';
      readonly id: number;
      readonly name: ComparisonName;
      readonly operation: ComparisonOperation;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'isNaN'; readonly id: number; readonly operation: LogicalOperation; readonly operand: Expression }
  | { readonly kind: 'not'; readonly id: number; readonly operation: LogicalOperation; readonly operand: Predicate }
  | {
      readonly kind: 'both' | 'either';
      readonly id: number;
      readonly operation: LogicalOperation;
      readonly left: Predicate;
      readonly right: Predicate;
    };

export type Node = Expression | Predicate;
export type Statistic = Extract<Expression, { kind: 'statistic' | 'count' }>;

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

const interned = new Map<string, Node>();
const nodes: Node[] = [];

/** The one node that has these contents. Fields are in the order of the operands. */
export function intern<T extends Node>(contents: WithoutId<T>): T {
  const key = JSON.stringify(contents, contentKey);
  let node = interned.get(key);
  if (!node) {
    node = Object.freeze({ ...contents, id: nodes.length }) as unknown as Node; // the key is made of these very fields
    nodes.push(node);
    interned.set(key, node);
  }
  return node as T;
}

/**
 * Child nodes count by identity, operations by their names; JSON has no -0, NaN or infinities. What looks like a node
 * and is none (written by hand, or of another copy of this module) must never be found again: its key is used once.
 */
function contentKey(field: string, value: unknown): unknown {
  if (field === 'operation') return undefined;
  if (field !== '' && isNode(value)) return isInterned(value) ? `#${value.id}` : `new ${nodes.length}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return value;
}

/** Whether a value looks like a node; only `isInterned` tells whether it is one. */
export const isNode = (value: unknown): value is Node => typeof (value as Node | undefined)?.kind === 'string';

/** Whether a value was made by the constructors of expressions. */
export const isInterned = (value: unknown): value is Node => isNode(value) && nodes[value.id] === value;

/** The nodes that a node is computed from, in order. */
export const operands = (node: Node): readonly Node[] => Object.values(node).filter(isNode);

/** Every node reachable from the roots, each after its operands. */
export function topologicalOrder(roots: Iterable<Node>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const operand of operands(node)) visit(operand);
    order.push(node);
  };
  for (const root of roots) visit(root);
  return order;
}

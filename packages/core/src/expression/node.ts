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

export type Expression =
  | { readonly kind: 'constant'; readonly id: number; readonly value: number }
  | { readonly kind: 'input'; readonly id: number; readonly name: InputName }
  | { readonly kind: 'parameter'; readonly id: number; readonly name: string }
  /** A value per group that an earlier call left behind, such as AdaReLU's counts. */
  | { readonly kind: 'state'; readonly id: number; readonly name: string; readonly extent: Extent }
  /** The formal argument of a library function's body. */
  | { readonly kind: 'argument'; readonly id: number; readonly index: number }
  | { readonly kind: 'unary'; readonly id: number; readonly name: UnaryName; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly id: number;
      readonly name: BinaryName;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'select';
      readonly id: number;
      readonly condition: Predicate;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | {
      readonly kind: 'statistic';
      readonly id: number;
      readonly name: StatisticName;
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
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'isNaN'; readonly id: number; readonly operand: Expression }
  | { readonly kind: 'not'; readonly id: number; readonly operand: Predicate }
  | {
      readonly kind: 'both' | 'either';
      readonly id: number;
      readonly left: Predicate;
      readonly right: Predicate;
    };

export type Node = Expression | Predicate;
export type Statistic = Extract<Expression, { kind: 'statistic' | 'count' }>;

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

const interned = new Map<string, Node>();

/** The one node that has these contents. */
export function intern<T extends Node>(contents: WithoutId<T>): T {
  const key = JSON.stringify(contents, contentKey);
  let node = interned.get(key);
  if (!node) {
    node = Object.freeze({ ...contents, id: interned.size }) as unknown as Node; // the key is made of these very fields
    interned.set(key, node);
  }
  return node as T;
}

/** Child nodes count by identity; JSON has no -0, NaN or infinities. */
function contentKey(field: string, value: unknown): unknown {
  if (field !== '' && isNode(value)) return `#${value.id}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return value;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'id' in value && 'kind' in value;
}

/** The nodes that a node is computed from, in order. */
export function operands(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'constant':
    case 'input':
    case 'parameter':
    case 'state':
    case 'argument':
    case 'size':
      return [];
    case 'unary':
    case 'statistic':
    case 'isNaN':
    case 'not':
      return [node.operand];
    case 'count':
      return [node.where];
    case 'binary':
    case 'comparison':
    case 'both':
    case 'either':
      return [node.left, node.right];
    case 'select':
      return [node.condition, node.whenTrue, node.whenFalse];
  }
}

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

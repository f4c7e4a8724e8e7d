/** The element type and rank of a value, from what the model says of it or of what it is made from. */
import type { ModelNode } from './model.ts';
import type { ScopeIndex } from './scope-index.ts';

export interface KnownType {
  /** A TensorProto.DataType. */
  readonly elementType: number | undefined;
  readonly rank: number | undefined;
}

const unknown: KnownType = { elementType: undefined, rank: undefined };

/** How far back through nodes to look: as far as the stack surely allows. */
const farthest = 256;

/** What has been found out: each value is looked at once, for graphs have more ways through them than nodes. */
const found = new WeakMap<ScopeIndex, Map<string, KnownType>>();

/** The operators whose output has the type of their first input, and its rank unless named below. */
const likeFirst = new Set([
  'Add',
  'AveragePool',
  'BatchNormalization',
  'Celu',
  'Clip',
  'Concat',
  'Conv',
  'ConvTranspose',
  'Div',
  'Dropout',
  'Elu',
  'Flatten',
  'Gelu',
  'Gemm',
  'GlobalAveragePool',
  'GroupNormalization',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'InstanceNormalization',
  'LayerNormalization',
  'LeakyRelu',
  'LRN',
  'MatMul',
  'Max',
  'MaxPool',
  'Min',
  'Mish',
  'Mul',
  'Neg',
  'PRelu',
  'Pad',
  'Relu',
  'Reshape',
  'Resize',
  'Selu',
  'Sigmoid',
  'Slice',
  'Softmax',
  'Softplus',
  'Sqrt',
  'Squeeze',
  'Sub',
  'Tanh',
  'Transpose',
  'Unsqueeze',
]); // prettier-ignore

/** The rank of an operator's output by the ranks of its inputs; as the first one's unless listed. */
const ranks: Readonly<Record<string, (rankOf: (input: number) => number | undefined) => number | undefined>> = {
  ...Object.fromEntries(['Add', 'Div', 'Max', 'Min', 'Mul', 'Sub'].map((name) => [name, broadcastRank])),
  Conv: (rankOf) => rankOf(1) ?? rankOf(0),
  ConvTranspose: (rankOf) => rankOf(1) ?? rankOf(0),
  Flatten: () => 2,
  Gemm: () => 2,
  MatMul: broadcastRank,
  Reshape: () => undefined,
  Squeeze: () => undefined,
  Unsqueeze: () => undefined,
};

function broadcastRank(rankOf: (input: number) => number | undefined): number | undefined {
  const [left, right] = [rankOf(0), rankOf(1)];
  return left === undefined || right === undefined ? undefined : Math.max(left, right);
}

export function typeOf(name: string, index: ScopeIndex): KnownType {
  return lookUp(name, index, farthest);
}

function lookUp(name: string, index: ScopeIndex, depth: number): KnownType {
  const types = found.get(index) ?? new Map<string, KnownType>();
  found.set(index, types);
  let type = types.get(name);
  if (!type) {
    types.set(name, unknown); // of a cycle, nothing is known
    type = findOut(name, index, depth);
    types.set(name, type);
  }
  return type;
}

function findOut(name: string, index: ScopeIndex, depth: number): KnownType {
  const { scope } = index;
  const declared = scope.types.get(name);
  if (declared?.shape) return { elementType: declared.elementType || undefined, rank: declared.shape.length };
  const tensor = index.tensor(name);
  if (tensor) return { elementType: tensor.elementType, rank: tensor.shape.length };
  const node = index.producer(name);
  const derived = node && depth > 0 ? derive(node, index, depth - 1) : unknown;
  return { elementType: declared?.elementType || derived.elementType, rank: derived.rank };
}

function derive(node: ModelNode, index: ScopeIndex, depth: number): KnownType {
  const input = (position: number): KnownType => {
    const name = node.inputs[position];
    return name ? lookUp(name, index, depth) : unknown;
  };
  if (node.domain !== '' && node.domain !== 'com.microsoft') return unknown;
  if (node.operator === 'Cast') return { elementType: node.attributes.get('to')?.integer, rank: input(0).rank };
  if (node.operator === 'DequantizeLinear') return { elementType: input(1).elementType, rank: input(0).rank };
  if (!likeFirst.has(node.operator)) return unknown;
  const first = input(0);
  const rankOf = Object.hasOwn(ranks, node.operator) ? ranks[node.operator] : undefined;
  const rank = rankOf ? rankOf((position) => (position === 0 ? first.rank : input(position).rank)) : first.rank;
  return { elementType: first.elementType, rank };
}

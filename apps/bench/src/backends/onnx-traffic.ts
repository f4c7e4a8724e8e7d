/** What an ONNX graph moves, node by node. A runtime may fuse some nodes and does not tell. */
import { fromBinary } from '@bufbuild/protobuf';
import type { Provider } from '@isoact/onnxruntime';
import { ModelProtoSchema, type NodeProto, TensorProto_DataType as Type } from 'onnx-buf';
import type { Cost } from '../core/candidate.ts';

/** Operators whose output is smaller than the tensor they read. */
const shrinks = (operator: string): boolean => operator.startsWith('Reduce') || operator === 'Slice';

const bytesOfType: Readonly<Partial<Record<Type, number>>> = {
  [Type.FLOAT]: 4,
  [Type.FLOAT16]: 2,
  [Type.DOUBLE]: 8,
  [Type.INT64]: 8,
  [Type.INT32]: 4,
  [Type.BOOL]: 1,
};

const truths = new Set([
  'Less',
  'LessOrEqual',
  'Greater',
  'GreaterOrEqual',
  'Equal',
  'And',
  'Or',
  'Not',
  'IsNaN',
  'IsInf',
]);

/**
 * Passes are nodes that read a value of the tensor's size; constants and statistics cost next to nothing. A value counts
 * in the type that the graph computes it in. Unknown on a processor where a node computes with float16: it has hardly a
 * kernel for it, and converts around such nodes as it likes.
 */
export function graphCost(
  model: Uint8Array,
  tensorInputs: readonly string[],
  length: number,
  provider: Provider,
): Cost {
  const { graph } = fromBinary(ModelProtoSchema, model);
  const types = new Map<string, Type>();
  for (const { name, type } of graph?.input ?? [])
    if (type?.value.case === 'tensorType') types.set(name, type.value.value.elemType);
  for (const { name, dataType } of graph?.initializer ?? []) types.set(name, dataType);
  const bytesOf = (name: string): number => bytesOfType[types.get(name) ?? Type.FLOAT] ?? 4;
  const wide = new Set(tensorInputs);
  let [passes, bytes] = [0, 0];
  for (const node of graph?.node ?? []) {
    for (const name of node.output) types.set(name, typeOf(node, types));
    const read = new Set(node.input.filter((name) => wide.has(name)));
    if (read.size === 0) continue;
    const half = [...read].some((name) => types.get(name) === Type.FLOAT16);
    if (half && node.opType !== 'Cast' && provider !== 'webgpu') return { passes: null, bytes: null };
    passes++;
    for (const name of read) bytes += length * bytesOf(name);
    if (shrinks(node.opType)) continue;
    for (const name of node.output) wide.add(name);
    bytes += length * bytesOf(node.output[0] ?? '');
  }
  return { passes, bytes };
}

/** The type of a node's output. */
function typeOf({ opType, input, attribute }: NodeProto, types: ReadonlyMap<string, Type>): Type {
  if (opType === 'Cast') return Number(attribute.find(({ name }) => name === 'to')?.i ?? Type.FLOAT);
  if (truths.has(opType)) return Type.BOOL;
  const [first = '', second = ''] = input;
  return types.get(opType === 'Where' ? second : first) ?? Type.FLOAT;
}

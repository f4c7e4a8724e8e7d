/** What an ONNX graph moves, node by node. A runtime may fuse some nodes and does not tell. */
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import type { Cost } from '../core/candidate.ts';

/** Operators whose output is smaller than the tensor they read. */
const shrinks = (operator: string): boolean => operator.startsWith('Reduce') || operator === 'Slice';

/** Passes are nodes that read a value of the tensor's size; constants and statistics cost next to nothing. */
export function graphCost(model: Uint8Array, tensorInputs: readonly string[], length: number): Cost {
  const wide = new Set(tensorInputs);
  let [passes, values] = [0, 0];
  for (const { opType, input, output } of fromBinary(ModelProtoSchema, model).graph?.node ?? []) {
    const read = new Set(input.filter((name) => wide.has(name)));
    if (read.size === 0) continue;
    passes++;
    values += read.size;
    if (shrinks(opType)) continue;
    for (const name of output) wide.add(name);
    values++;
  }
  return { passes, bytes: 4 * length * values };
}

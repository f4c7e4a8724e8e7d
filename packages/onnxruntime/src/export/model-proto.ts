/** A whole model around a graph. */
import { create, toBinary } from '@bufbuild/protobuf';
import { type FunctionProto, GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf';
import type { GraphParts } from './graph-writer.ts';

/**
 * Opset 21 by default: from 22 on, ONNX Runtime's WebGPU provider loses Atan, Asin and others (1.30).
 */
export const defaultOpset = 21;
/** The IR version that belongs to opset 21 (ONNX 1.16). */
const irVersion = 10n;

export interface ModelContents {
  /** The graph's name. */
  readonly name: string;
  readonly opset: number;
  readonly graph: GraphParts;
  readonly functions?: readonly FunctionProto[];
}

export function encodeModel({ name, opset, graph, functions = [] }: ModelContents): Uint8Array<ArrayBuffer> {
  const domains = new Set(functions.map(({ domain }) => domain));
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: '@isoact/onnxruntime',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) }),
      ...[...domains].map((domain) => create(OperatorSetIdProtoSchema, { domain, version: 1n })),
    ],
    graph: create(GraphProtoSchema, {
      name,
      node: [...graph.nodes],
      initializer: [...graph.initializers],
      input: [...graph.inputs],
      output: [...graph.outputs],
    }),
    functions: [...functions],
  });
  return toBinary(ModelProtoSchema, model);
}

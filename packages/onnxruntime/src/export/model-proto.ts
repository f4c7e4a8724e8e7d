/** A whole model around a graph. */
import { create, toBinary } from '@bufbuild/protobuf';
import { type FunctionProto, type GraphProto, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf';

/**
 * Opset 21 by default: from 22 on, ONNX Runtime's WebGPU provider loses Atan, Asin and others (1.30).
 */
export const defaultOpset = 21;
/** The IR version that belongs to opset 21 (ONNX 1.16). */
const irVersion = 10n;

export const encodeModel = (
  graph: GraphProto,
  opset: number,
  functions: readonly FunctionProto[] = [],
): Uint8Array<ArrayBuffer> =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion,
      producerName: '@isoact/onnxruntime',
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) }),
        ...[...new Set(functions.map(({ domain }) => domain))].map((domain) =>
          create(OperatorSetIdProtoSchema, { domain, version: 1n }),
        ),
      ],
      graph,
      functions: [...functions],
    }),
  );

/** y = relu(x·W) with W, twice the identity, in a file beside the model. */
import { create } from '@bufbuild/protobuf';
import { StringStringEntryProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf';
import { GraphFixture } from './model-fixture.ts';

export function externalModel(location: string): { readonly model: Uint8Array; readonly data: Uint8Array } {
  const graph = new GraphFixture();
  const x = graph.input('x', ['n', 4]);
  const entries = { location, offset: '64', length: '64' };
  graph.initializers.push(
    create(TensorProtoSchema, {
      name: 'weights',
      dataType: 1,
      dims: [4n, 4n],
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    }),
  );
  graph.node('Relu', [graph.node('MatMul', [x, 'weights'])], {}, { output: 'y' });
  graph.output('y', ['n', 4]);
  const values = Float32Array.from({ length: 32 }, (_, k) => (k >= 16 && (k - 16) % 5 === 0 ? 2 : 0));
  return { model: graph.model(), data: new Uint8Array(values.buffer) };
}

/** A table of embeddings of more than 2 GB, of which the one row that is read lies at the end of the file. */
export function hugeModel(location: string): {
  readonly model: Uint8Array;
  readonly rows: number;
  readonly bytes: number;
  readonly lastRow: Float32Array;
} {
  const [rows, width] = [600_000, 1024];
  const graph = new GraphFixture();
  graph.initializers.push(
    create(TensorProtoSchema, {
      name: 'embeddings',
      dataType: 1,
      dims: [BigInt(rows), BigInt(width)],
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: location })],
    }),
  );
  const token = graph.input('token', [1], 'int64');
  graph.node('Relu', [graph.node('Gather', ['embeddings', token])], {}, { output: 'y' });
  graph.output('y', [1, width]);
  const lastRow = Float32Array.from({ length: width }, (_, k) => Math.sin(k));
  return { model: graph.model(), rows, bytes: rows * width * 4, lastRow };
}

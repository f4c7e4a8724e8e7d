/** Little-endian bytes of a tensor's values, as ONNX's raw_data wants them. */
import { encodeHalf } from '@isoact/core';
import type { ElementType } from './element-type.ts';
import type { TensorMessage } from './messages.ts';

type Setter = (view: DataView, offset: number, value: number) => void;

const writers: Readonly<Record<ElementType, readonly [size: number, set: Setter]>> = {
  float32: [4, (view, offset, value) => view.setFloat32(offset, value, true)],
  float64: [8, (view, offset, value) => view.setFloat64(offset, value, true)],
  float16: [2, (view, offset, value) => view.setUint16(offset, encodeHalf(value), true)],
  int32: [4, (view, offset, value) => view.setInt32(offset, value, true)],
  int64: [8, (view, offset, value) => view.setBigInt64(offset, BigInt(value), true)],
  int8: [1, (view, offset, value) => view.setInt8(offset, value)],
  bool: [1, (view, offset, value) => view.setUint8(offset, value)],
};

export function rawData({ type, values }: TensorMessage): Uint8Array<ArrayBuffer> {
  const [size, set] = writers[type];
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (let index = 0; index < values.length; index++) set(view, index * size, values[index] as number);
  return new Uint8Array(view.buffer);
}

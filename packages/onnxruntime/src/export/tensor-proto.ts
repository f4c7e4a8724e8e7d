/** Tensors and their types as ONNX messages. */
import { create } from '@bufbuild/protobuf';
import { encodeHalf } from '@isoact/core';
import {
  type TensorProto,
  TensorProtoSchema,
  type TensorShapeProto_Dimension,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type ElementType, elementTypeNumber } from './element-type.ts';

/** A length, or the name of one that is known only when the model runs. */
export type Dimension = number | string;

/** Little-endian bytes of the values, as ONNX's raw_data wants them. */
function rawData(type: ElementType, values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const list = Array.from(values);
  switch (type) {
    case 'float32':
      return write(list, 4, (view, offset, value) => view.setFloat32(offset, value, true));
    case 'float64':
      return write(list, 8, (view, offset, value) => view.setFloat64(offset, value, true));
    case 'float16':
      return write(list, 2, (view, offset, value) => view.setUint16(offset, encodeHalf(value), true));
    case 'int32':
      return write(list, 4, (view, offset, value) => view.setInt32(offset, value, true));
    case 'int64':
      return write(list, 8, (view, offset, value) => view.setBigInt64(offset, BigInt(value), true));
    case 'int8':
      return write(list, 1, (view, offset, value) => view.setInt8(offset, value));
    case 'bool':
      return write(list, 1, (view, offset, value) => view.setUint8(offset, value));
  }
}

function write(
  values: readonly number[],
  size: number,
  set: (view: DataView, offset: number, value: number) => void,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    set(view, index * size, value);
  });
  return bytes;
}

export const tensorProto = (
  name: string,
  type: ElementType,
  shape: readonly number[],
  values: ArrayLike<number>,
): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: elementTypeNumber[type],
    dims: shape.map(BigInt),
    rawData: rawData(type, values),
  });

/** @param shape undefined where the rank is unknown */
export const valueInfo = (name: string, type: ElementType, shape: readonly Dimension[] | undefined): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: elementTypeNumber[type],
          ...(shape && { shape: create(TensorShapeProtoSchema, { dim: shape.map(dimension) }) }),
        }),
      },
    }),
  });

const dimension = (length: Dimension): TensorShapeProto_Dimension =>
  create(TensorShapeProto_DimensionSchema, {
    value:
      typeof length === 'number' ? { case: 'dimValue', value: BigInt(length) } : { case: 'dimParam', value: length },
  });

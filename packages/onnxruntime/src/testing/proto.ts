/** Messages by the schemas of onnx-buf, apart from the encoder of the product. */
import { create } from '@bufbuild/protobuf';
import {
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type ElementType, elementTypeNumber } from '../onnx/element-type.ts';
import type { Dimension } from '../onnx/messages.ts';
import { rawData } from '../onnx/raw-data.ts';

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
    rawData: rawData({ name, type, shape, values }),
  });

export const valueInfo = (name: string, type: ElementType, shape: readonly Dimension[]): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: elementTypeNumber[type],
          shape: create(TensorShapeProtoSchema, {
            dim: shape.map((length) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  typeof length === 'number'
                    ? { case: 'dimValue', value: BigInt(length) }
                    : { case: 'dimParam', value: length },
              }),
            ),
          }),
        }),
      },
    }),
  });

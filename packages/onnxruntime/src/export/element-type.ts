/** The element types that the graphs use, by their ONNX names and numbers. */
import { TensorProto_DataType } from 'onnx-buf';

export type ElementType = 'float32' | 'float16' | 'float64' | 'int32' | 'int64' | 'int8' | 'bool';

/** The types of tensors that an activation is applied to. */
export type FloatType = 'float32' | 'float16' | 'float64';

export const elementTypeNumber: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  float64: TensorProto_DataType.DOUBLE,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  int8: TensorProto_DataType.INT8,
  bool: TensorProto_DataType.BOOL,
};

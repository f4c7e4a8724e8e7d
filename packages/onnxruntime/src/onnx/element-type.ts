/** The element types that the graphs use, by their ONNX names and numbers (TensorProto.DataType). */
export type ElementType = 'float32' | 'float16' | 'float64' | 'int32' | 'int64' | 'int8' | 'bool';

/** The types of tensors that an activation is applied to. */
export type FloatType = 'float32' | 'float16' | 'float64';

export const elementTypeNumber: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** Attributes of nodes as ONNX messages. */
import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type TensorProto,
} from 'onnx-buf';

/** An integer (bigint), a float, a text, or a list of integers. */
export type Attribute = bigint | number | string | readonly bigint[];

export function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: value });
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: [...value] });
}

export const tensorAttribute = (name: string, t: TensorProto): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t });

/** A float that is the attribute of another name of the function around. */
export const referenceProto = (name: string, refAttrName: string): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, refAttrName });

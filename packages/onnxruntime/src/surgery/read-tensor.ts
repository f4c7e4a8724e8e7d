/** Tensors: what they are, and the values of the small ones. */
import { decodeHalf } from '@isoact/core';
import type { TensorView, ValueType } from './model.ts';
import {
  append,
  type Field,
  fieldsOf,
  type Range,
  readBody,
  readDoubles,
  readFloats,
  readInteger,
  readIntegers,
  readText,
} from './wire.ts';

/** A TensorProto's head; its values stay where they are. */
export function readTensor(file: Uint8Array, field: Field): TensorView {
  const range = readBody(field);
  const shape: number[] = [];
  let [name, elementType, external] = ['', 0, false];
  let externalFile: string | undefined;
  for (const part of fieldsOf(file, range)) {
    if (part.number === 1) append(shape, readIntegers(file, part));
    else if (part.number === 2) elementType = readInteger(file, part);
    else if (part.number === 8) name = readText(file, part);
    else if (part.number === 13) externalFile ??= locationIn(file, readBody(part));
    else if (part.number === 14) external = readInteger(file, part) === 1;
  }
  return { name, field, elementType, shape, range, externalFile: external ? (externalFile ?? '') : undefined };
}

/** The value of the entry `location`. */
function locationIn(file: Uint8Array, entry: Range): string | undefined {
  let [key, value] = ['', ''];
  for (const part of fieldsOf(file, entry)) {
    if (part.number === 1) key = readText(file, part);
    else if (part.number === 2) value = readText(file, part);
  }
  return key === 'location' ? value : undefined;
}

/** More than a value takes in any encoding, and than a tensor of few values takes besides. */
const bytesPerValue = 16;
const bytesOfHead = 4096;

/** The numbers of a tensor in this file, of a type that has numbers; undefined for any other, or one of more values. */
export function tensorValues(file: Uint8Array, tensor: TensorView, atMost = 4096): readonly number[] | undefined {
  const count = tensor.shape.reduce((product, length) => product * length, 1);
  if (tensor.externalFile !== undefined || !(count >= 0 && count <= atMost)) return undefined;
  if (tensor.range.end - tensor.range.start > bytesOfHead + bytesPerValue * atMost) return undefined;
  const values: number[] = [];
  for (const part of fieldsOf(file, tensor.range)) {
    if (part.number === 4) append(values, readFloats(file, part));
    else if (part.number === 5) append(values, readIntegers(file, part).map(int32Of(tensor.elementType)));
    else if (part.number === 7) append(values, readIntegers(file, part));
    else if (part.number === 10) append(values, readDoubles(file, part));
    else if (part.number === 9) {
      const raw = rawValues(file, readBody(part), tensor.elementType);
      if (!raw) return undefined;
      append(values, raw);
    }
  }
  return values.length === count ? values : undefined;
}

/** int32_data also holds the bits of float16 and bfloat16. */
const int32Of =
  (elementType: number) =>
  (value: number): number => {
    if (elementType === 10) return decodeHalf(value & 0xffff);
    return elementType === 16 ? fromBfloat16(value & 0xffff) : value;
  };

const bits = new DataView(new ArrayBuffer(4));
function fromBfloat16(half: number): number {
  bits.setUint32(0, half * 65536);
  return bits.getFloat32(0);
}

type RawReader = readonly [size: number, read: (view: DataView, offset: number) => number];
const rawReaders: Readonly<Record<number, RawReader>> = {
  1: [4, (view, offset) => view.getFloat32(offset, true)],
  2: [1, (view, offset) => view.getUint8(offset)],
  3: [1, (view, offset) => view.getInt8(offset)],
  6: [4, (view, offset) => view.getInt32(offset, true)],
  7: [8, (view, offset) => Number(view.getBigInt64(offset, true))],
  9: [1, (view, offset) => view.getUint8(offset)],
  10: [2, (view, offset) => decodeHalf(view.getUint16(offset, true))],
  11: [8, (view, offset) => view.getFloat64(offset, true)],
  16: [2, (view, offset) => fromBfloat16(view.getUint16(offset, true))],
};

function rawValues(file: Uint8Array, { start, end }: Range, elementType: number): number[] | undefined {
  const reader = rawReaders[elementType];
  if (!reader || (end - start) % reader[0] !== 0) return undefined;
  const view = new DataView(file.buffer, file.byteOffset + start, end - start);
  return Array.from({ length: (end - start) / reader[0] }, (_, index) => reader[1](view, index * reader[0]));
}

/** A TypeProto of a tensor; undefined for sequences, maps and the like. */
export function readType(file: Uint8Array, range: Range): ValueType | undefined {
  for (const part of fieldsOf(file, range)) if (part.number === 1) return readTensorType(file, readBody(part));
  return undefined;
}

function readTensorType(file: Uint8Array, range: Range): ValueType {
  let elementType = 0;
  let shape: (number | string)[] | undefined;
  for (const part of fieldsOf(file, range)) {
    if (part.number === 1) elementType = readInteger(file, part);
    else if (part.number === 2) {
      shape = [];
      for (const axis of fieldsOf(file, readBody(part))) {
        if (axis.number === 1) shape.push(readDimension(file, readBody(axis)));
      }
    }
  }
  return { elementType, shape };
}

function readDimension(file: Uint8Array, range: Range): number | string {
  let length: number | string = '';
  for (const part of fieldsOf(file, range)) {
    if (part.number === 1) length = readInteger(file, part);
    else if (part.number === 2) length = readText(file, part);
  }
  return length;
}

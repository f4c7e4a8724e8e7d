/**
 * Protobuf at the level of the wire: where each field of a message lies, so that an edit can leave every other byte as
 * it is. Lengths are checked against what is there before anything is read.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { mustBe } from '@isoact/core';
import { ModelError } from './errors.ts';

/** A range of the file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Field extends Range {
  readonly number: number;
  readonly type: WireType;
  /** Where the value's own bytes begin: after the tag, and after the length if there is one. */
  readonly body: number;
}

/** The fields of a message, in order. @throws ModelError where the bytes are none. */
export function* fieldsOf(file: Uint8Array, { start, end }: Range): Generator<Field> {
  const reader = new BinaryReader(file.subarray(start, end));
  while (reader.pos < reader.len) yield nextField(reader, start);
}

/** @param offset where the reader's bytes begin in the file */
function nextField(reader: BinaryReader, offset: number): Field {
  const start = offset + reader.pos;
  try {
    const [number, type] = reader.tag();
    let body = reader.pos;
    if (type === WireType.LengthDelimited) {
      const length = reader.uint32();
      if (reader.pos - body > 5) throw new RangeError('a length of more than 32 bits');
      body = reader.pos;
      if (length > reader.len - body) {
        throw new RangeError(`a length of ${length} where ${reader.len - body} bytes are left`);
      }
      reader.pos += length;
    } else {
      reader.skip(type, number);
      if (reader.pos > reader.len) throw new RangeError('a field beyond the end');
    }
    return { number, type, start, body: offset + body, end: offset + reader.pos };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelError(mustBe(`the field at byte ${start}`, 'one of a protobuf message', reason), { cause: error });
  }
}

const readerAt = (file: Uint8Array, { body, end }: Field): BinaryReader => new BinaryReader(file.subarray(body, end));

/** A number that a message gives in a varint, in 64 bits. */
export function readInteger(file: Uint8Array, field: Field): number {
  expectType(field, WireType.Varint);
  try {
    return Number(readerAt(file, field).int64());
  } catch (error) {
    throw new ModelError(mustBe(`the number at byte ${field.body}`, 'one of 64 bits', 'longer'), { cause: error });
  }
}

export function readFloat(file: Uint8Array, field: Field): number {
  expectType(field, WireType.Bit32);
  return readerAt(file, field).float();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function readText(file: Uint8Array, field: Field): string {
  expectType(field, WireType.LengthDelimited);
  try {
    return utf8.decode(file.subarray(field.body, field.end));
  } catch (error) {
    throw new ModelError(mustBe(`the text at byte ${field.body}`, 'UTF-8', 'other bytes'), { cause: error });
  }
}

/** The range of a message or of bytes inside a field. */
export function readBody(field: Field): Range {
  expectType(field, WireType.LengthDelimited);
  return { start: field.body, end: field.end };
}

/** The numbers of a repeated field, packed or one by one. */
export function readIntegers(file: Uint8Array, field: Field): number[] {
  if (field.type === WireType.Varint) return [readInteger(file, field)];
  return readPacked(file, field, (reader) => Number(reader.int64()));
}

export function readFloats(file: Uint8Array, field: Field): number[] {
  if (field.type === WireType.Bit32) return [readFloat(file, field)];
  return readPacked(file, field, (reader) => reader.float());
}

export function readDoubles(file: Uint8Array, field: Field): number[] {
  if (field.type === WireType.Bit64) return [readerAt(file, field).double()];
  return readPacked(file, field, (reader) => reader.double());
}

function readPacked(file: Uint8Array, field: Field, next: (reader: BinaryReader) => number): number[] {
  expectType(field, WireType.LengthDelimited);
  const reader = readerAt(file, field);
  const numbers: number[] = [];
  try {
    while (reader.pos < reader.len) numbers.push(next(reader));
  } catch (error) {
    throw new ModelError(mustBe(`the numbers at byte ${field.body}`, 'whole', 'cut short'), { cause: error });
  }
  return numbers;
}

/** Adds numbers or names one by one: a spread argument list has a limit that a file could exceed. */
export function append<T>(target: T[], source: readonly T[]): void {
  for (const value of source) target.push(value);
}

function expectType(field: Field, type: WireType): void {
  if (field.type !== type) {
    throw new ModelError(mustBe(`the wire type of the field at byte ${field.start}`, String(type), field.type));
  }
}

/** Writes protobuf's wire format, of which encoding needs four rules; the library's writer would weigh three times as much. */

type Bytes = Uint8Array<ArrayBuffer>;

/** Wire types. */
const varint = 0;
const lengthDelimited = 2;
const bits32 = 5;

const utf8 = new TextEncoder();

/** Collects the fields of one message. */
export class Message {
  readonly #pieces: Uint8Array[] = [];

  text(field: number, text: string): this {
    return text ? this.bytes(field, utf8.encode(text)) : this;
  }
  texts(field: number, texts: Iterable<string>): this {
    for (const text of texts) this.bytes(field, utf8.encode(text));
    return this;
  }
  /** A negative one in two's complement of 64 bits. */
  integer(field: number, value: number | bigint): this {
    this.#pieces.push(varints((field << 3) | varint, value));
    return this;
  }
  float(field: number, value: number): this {
    const bits = new DataView(new ArrayBuffer(4));
    bits.setFloat32(0, value, true);
    this.#pieces.push(varints((field << 3) | bits32), new Uint8Array(bits.buffer));
    return this;
  }
  bytes(field: number, bytes: Uint8Array): this {
    this.#pieces.push(headerOf(field, bytes.length), bytes);
    return this;
  }
  messages(field: number, messages: Iterable<Uint8Array>): this {
    for (const message of messages) this.bytes(field, message);
    return this;
  }
  finish(): Bytes {
    return joined(this.#pieces);
  }
}

/** The tag and the length in front of a length-delimited field's contents. */
export const headerOf = (field: number, length: number): Bytes => varints((field << 3) | lengthDelimited, length);

function varints(...values: readonly (number | bigint)[]): Bytes {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
  }
  return Uint8Array.from(bytes);
}

export const byteLength = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((total, piece) => total + piece.length, 0);

/** The pieces as one array. */
export function joined(pieces: readonly Uint8Array[]): Bytes {
  const result = new Uint8Array(byteLength(pieces));
  let position = 0;
  for (const piece of pieces) {
    result.set(piece, position);
    position += piece.length;
  }
  return result;
}

/** Numbers and vectors of the binary format (WebAssembly Core Specification, sections 5.1 and 5.2). */

const scratch = new DataView(new ArrayBuffer(8));

/** A growing array of bytes. */
export class ByteWriter {
  private readonly bytes: number[] = [];

  byte(...values: readonly number[]): this {
    for (const value of values) this.bytes.push(value);
    return this;
  }

  /** LEB128 of a non-negative integer. */
  unsigned(value: number): this {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.bytes.push((rest % 128) | 0x80);
    this.bytes.push(rest);
    return this;
  }

  /** LEB128 of a 32-bit integer in two's complement. */
  signed(value: number): this {
    let rest = value | 0;
    for (; rest > 0x3f || rest < -0x40; rest >>= 7) this.bytes.push((rest & 0x7f) | 0x80);
    this.bytes.push(rest & 0x7f);
    return this;
  }

  float32(value: number): this {
    scratch.setFloat32(0, value, true);
    return this.fromScratch(4);
  }

  float64(value: number): this {
    scratch.setFloat64(0, value, true);
    return this.fromScratch(8);
  }

  word(value: number): this {
    scratch.setInt32(0, value, true);
    return this.fromScratch(4);
  }

  text(value: string): this {
    const codes = Array.from(value, (character) => character.charCodeAt(0));
    return this.unsigned(codes.length).byte(...codes);
  }

  /** Contents that their length in bytes goes before. */
  sized(contents: ByteWriter): this {
    return this.unsigned(contents.bytes.length).append(contents);
  }

  append(other: ByteWriter): this {
    for (const value of other.bytes) this.bytes.push(value);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.bytes);
  }

  private fromScratch(length: number): this {
    for (let index = 0; index < length; index++) this.bytes.push(scratch.getUint8(index));
    return this;
  }
}

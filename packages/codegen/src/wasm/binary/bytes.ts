/** Values of the binary format (WebAssembly Core Specification, sections 5.1 and 5.2) as bytes. */

/** LEB128 of a non-negative integer. */
export const unsigned = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(Math.floor(value / 0x80))];

/** LEB128 of a 32-bit integer in two's complement. */
export const signed = (value: number): number[] =>
  value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];

/** Contents that their length in bytes goes before. */
export const sized = (contents: readonly number[]): number[] => [...unsigned(contents.length), ...contents];

/** Items that their number goes before. */
export const listed = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];

export const text = (value: string): number[] => sized(Array.from(value, (character) => character.charCodeAt(0)));

/** Numbers as they lie in memory, which kernels read through such arrays as well. */
export const raw = ({ buffer }: Float32Array | Float64Array | Int32Array): number[] => [...new Uint8Array(buffer)];

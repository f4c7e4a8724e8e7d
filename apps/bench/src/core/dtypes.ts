/** The data types that a case can have: in what array elements travel, and the numbers that they stand for. */
import { decodeHalf, encodeHalf } from '@isoact/core';

export const benchDtypes = ['float32', 'float16'] as const;
export type BenchDtype = (typeof benchDtypes)[number];

/** Elements of a case: float32, or the bits of float16. */
export type Elements = Float32Array | Uint16Array;

interface ElementType {
  readonly bytes: number;
  readonly largest: number;
  readonly allocate: (length: number) => Elements;
  readonly view: (buffer: ArrayBuffer, length: number) => Elements;
  readonly fromNumbers: (values: ArrayLike<number>) => Elements;
  readonly toNumbers: (elements: ArrayLike<number>) => ArrayLike<number>;
}

export const elementTypes: Readonly<Record<BenchDtype, ElementType>> = {
  float32: {
    bytes: Float32Array.BYTES_PER_ELEMENT,
    largest: 3.4028234663852886e38,
    allocate: (length) => new Float32Array(length),
    view: (buffer, length) => new Float32Array(buffer, 0, length),
    fromNumbers: (values) => Float32Array.from(values),
    toNumbers: (elements) => elements,
  },
  float16: {
    bytes: Uint16Array.BYTES_PER_ELEMENT,
    largest: 65504,
    allocate: (length) => new Uint16Array(length),
    view: (buffer, length) => new Uint16Array(buffer, 0, length),
    fromNumbers: (values) => Uint16Array.from(values, encodeHalf),
    toNumbers: (elements) => Float64Array.from(elements, decodeHalf),
  },
};

/** For a backend that has nothing else, and was asked for nothing else. @throws TypeError for other elements. */
export function asFloat32(elements: Elements): Float32Array {
  if (elements instanceof Float32Array) return elements;
  throw new TypeError('Elements must be float32 (were float16).');
}

/** The bits of float16, also where a runtime has an array of its own for it. */
export const halfBits = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint16Array =>
  new Uint16Array(buffer, byteOffset, byteLength / Uint16Array.BYTES_PER_ELEMENT);

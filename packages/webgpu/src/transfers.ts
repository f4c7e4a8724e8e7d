/** Host arrays as the kernels take them: elements in their own data type, all other numbers in float32. */
import { bytesOf } from '@isoact/codegen';
import { type Data, decodeHalf, encodeHalf } from '@isoact/core';

/** The data types that kernels read and write. */
export const kernelDtypes = ['float32', 'float16'] as const;
export type KernelDtype = (typeof kernelDtypes)[number];

export interface Transfers {
  /** Bytes of so many elements. */
  readonly elementBytes: (elements: number) => number;
  /** Elements to upload; checked before to be of this data type. */
  readonly toElements: (data: Data) => Float32Array | Uint16Array;
  /** Numbers to upload: of this data type, or not rounded to it yet. */
  readonly toNumbers: (data: Data) => Float32Array;
  /** A parameter that is passed as a number, as an array of this data type would have it. */
  readonly roundNumber: (value: number) => number;
  readonly fromElements: (bytes: ArrayBuffer) => Data;
  /** Numbers that came back, in this data type. */
  readonly fromNumbers: (bytes: ArrayBuffer) => Data;
}

const toElements = (data: Data): Float32Array | Uint16Array => data as Float32Array | Uint16Array;

export const transfers: Readonly<Record<KernelDtype, Transfers>> = {
  float32: {
    elementBytes: (elements) => bytesOf('float32', elements),
    toElements,
    toNumbers: (data) => (data instanceof Float32Array ? data : Float32Array.from(data)),
    roundNumber: Math.fround,
    fromElements: (bytes) => new Float32Array(bytes),
    fromNumbers: (bytes) => new Float32Array(bytes),
  },
  float16: {
    elementBytes: (elements) => elements * 2,
    toElements,
    toNumbers: (data) => (data instanceof Uint16Array ? Float32Array.from(data, decodeHalf) : Float32Array.from(data)),
    roundNumber: (value) => decodeHalf(encodeHalf(value)),
    fromElements: (bytes) => new Uint16Array(bytes),
    fromNumbers: (bytes) => Uint16Array.from(new Float32Array(bytes), encodeHalf),
  },
};

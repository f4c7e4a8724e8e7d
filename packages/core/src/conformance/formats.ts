/** What the suite must know of each data type: its bits, its spacing, and the accuracy that a result in it can be held to. */
import type { Data, Dtype } from '../adapter.ts';
import { decodeHalf, encodeHalf, roundToHalf } from '../float16.ts';
import { once } from './remembered.ts';

const word = new DataView(new ArrayBuffer(8));

/** The exponent e of a finite number in [2^e, 2^(e+1)); -1023 for zero and subnormal doubles. */
function exponentOf(value: number): number {
  word.setFloat64(0, value);
  return ((word.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

/** Of exponents in [-1022, 1023]; `2 **` calls a function of C. */
function powerOfTwo(exponent: number): number {
  word.setUint32(0, (exponent + 1023) << 20);
  word.setUint32(4, 0);
  return word.getFloat64(0);
}

const spacing = (value: number, fractionBits: number, minimumExponent: number): number =>
  powerOfTwo(Math.max(exponentOf(value), minimumExponent) - fractionBits);

/** The spacing of float32 numbers at this magnitude, at least that of the subnormals. */
export const ulp32 = (value: number): number => spacing(value, 23, -126);

export interface Format {
  readonly dtype: Dtype;
  /** u: what one correctly rounded operation may lose, relative to its result. */
  readonly unit: number;
  /** ulp(·) of the arithmetic. */
  readonly ulp: (value: number) => number;
  /** What storing the result loses on top of the arithmetic. */
  readonly storageError: (value: number) => number;
  readonly largest: number;
  /** The least magnitude that rounds to infinity. */
  readonly overflow: number;
  readonly smallestNormal: number;
  readonly smallestSubnormal: number;
  readonly round: (value: number) => number;
  readonly allocate: (length: number) => Data;
  readonly toNumbers: (data: Data) => Float64Array;
  readonly fromNumbers: (values: ArrayLike<number>) => Data;
  /** The bits as hexadecimal digits, as a report shows them. */
  readonly hex: (value: number) => string;
}

const float32: Format = {
  dtype: 'float32',
  unit: 2 ** -24,
  ulp: ulp32,
  storageError: () => 0,
  largest: (2 - 2 ** -23) * 2 ** 127,
  overflow: (2 - 2 ** -24) * 2 ** 127,
  smallestNormal: 2 ** -126,
  smallestSubnormal: 2 ** -149,
  round: Math.fround,
  allocate: (length) => new Float32Array(length),
  // `from` goes through an iterator, which takes ten times as long
  toNumbers: (data) => new Float64Array(data),
  fromNumbers: (values) => new Float32Array(values),
  hex: (value) => {
    word.setFloat32(0, value);
    return `0x${word.getUint32(0).toString(16).padStart(8, '0')}`;
  },
};

/** The number that each of the 2^16 halves stands for. */
const everyHalf = once(() => Float64Array.from({ length: 2 ** 16 }, (_, bits) => decodeHalf(bits)));

/** float16 is a storage format: the arithmetic is float32's, the result is rounded once more. */
const float16: Format = {
  ...float32,
  dtype: 'float16',
  storageError: (value) => spacing(value, 10, -14) / 2,
  largest: 65504,
  overflow: 65520,
  smallestNormal: 2 ** -14,
  smallestSubnormal: 2 ** -24,
  round: roundToHalf,
  allocate: (length) => new Uint16Array(length),
  toNumbers: (data) => {
    const known = everyHalf();
    const values = new Float64Array(data.length);
    for (let k = 0; k < values.length; k++) values[k] = known[data[k] as number] as number;
    return values;
  },
  fromNumbers: (values) => {
    const halves = new Uint16Array(values.length);
    for (let k = 0; k < halves.length; k++) halves[k] = encodeHalf(values[k] as number);
    return halves;
  },
  hex: (value) => `0x${encodeHalf(value).toString(16).padStart(4, '0')}`,
};

/**
 * float64 results are held to 2^-43 (1.1e-13), and not to 2^-53: it is to this that the oracle itself, with
 * JavaScript's approximate Math functions, is verified against golden values.
 */
const float64: Format = {
  dtype: 'float64',
  unit: 2 ** -43,
  ulp: (value) => spacing(value, 42, -980),
  storageError: () => 0,
  largest: Number.MAX_VALUE,
  overflow: Number.POSITIVE_INFINITY,
  smallestNormal: 2 ** -1022,
  smallestSubnormal: Number.MIN_VALUE,
  round: (value) => value,
  allocate: (length) => new Float64Array(length),
  toNumbers: (data) => new Float64Array(data),
  fromNumbers: (values) => new Float64Array(values),
  hex: (value) => {
    word.setFloat64(0, value);
    return `0x${word.getBigUint64(0).toString(16).padStart(16, '0')}`;
  },
};

export const formats: Readonly<Record<Dtype, Format>> = { float32, float16, float64 };

/** The neighbour of a float32 number, upwards or downwards. */
export function neighbour32(value: number, direction: 1 | -1): number {
  if (!Number.isFinite(value)) return value;
  word.setFloat32(0, value);
  const bits = word.getInt32(0);
  // as a line: negative numbers descend from 0 as their bits ascend
  const line = (bits < 0 ? -(bits & 0x7fffffff) : bits) + direction;
  word.setInt32(0, line < 0 ? -line | 0x80000000 : line);
  return word.getFloat32(0);
}

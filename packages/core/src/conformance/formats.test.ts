import { expect, test } from 'vitest';
import { decodeHalf, encodeHalf } from '../index.ts';
import { formats, neighbour32, ulp32 } from './formats.ts';

test('ulp of float32, down to its subnormals', () => {
  expect(ulp32(1)).toBe(2 ** -23);
  expect(ulp32(-1.999)).toBe(2 ** -23);
  expect(ulp32(2)).toBe(2 ** -22);
  expect(ulp32(2 ** -126)).toBe(2 ** -149);
  expect(ulp32(0)).toBe(2 ** -149);
  expect(ulp32(1e-300)).toBe(2 ** -149);
});

test('neighbours of float32 numbers', () => {
  expect(neighbour32(1, 1)).toBe(1 + 2 ** -23);
  expect(neighbour32(1, -1)).toBe(1 - 2 ** -24);
  expect(neighbour32(0, 1)).toBe(2 ** -149);
  expect(neighbour32(0, -1)).toBe(-(2 ** -149));
  expect(neighbour32(-(2 ** -149), 1)).toBe(0);
  expect(neighbour32(-2, 1)).toBe(-2 + 2 ** -23);
  expect(neighbour32(Number.POSITIVE_INFINITY, 1)).toBe(Number.POSITIVE_INFINITY);
});

test('half precision: every number comes back, and ties go to even', () => {
  for (let bits = 0; bits < 0x7c00; bits++) {
    expect(encodeHalf(decodeHalf(bits))).toBe(bits);
    expect(encodeHalf(-decodeHalf(bits))).toBe(bits | 0x8000);
    const middle = bits === 0x7bff ? 65520 : (decodeHalf(bits) + decodeHalf(bits + 1)) / 2;
    expect(encodeHalf(middle)).toBe(bits % 2 ? bits + 1 : bits);
    expect(encodeHalf(middle * (1 + 2 ** -40))).toBe(bits + 1);
  }
  expect(encodeHalf(1e9)).toBe(0x7c00);
  expect(encodeHalf(Number.NEGATIVE_INFINITY)).toBe(0xfc00);
  expect(decodeHalf(encodeHalf(Number.NaN))).toBeNaN();
});

test('half precision costs half a unit of its last place when stored', () => {
  expect(formats.float16.storageError(1)).toBe(2 ** -11);
  expect(formats.float16.storageError(1e-6)).toBe(2 ** -25);
  expect(formats.float16.hex(-1)).toBe('0xbc00');
  expect(formats.float32.hex(-1)).toBe('0xbf800000');
});

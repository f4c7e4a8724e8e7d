/** float16 is a storage format: float32 arithmetic on decoded elements, and one rounding at the end. */
import {
  type Activation,
  type ActivationBackend,
  adaRelu,
  createReferenceBackend,
  decodeHalf,
  elementCount,
  encodeHalf,
  gelu,
  relu,
  type Shape,
  swish,
  velu,
} from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBackend } from './index.ts';

describe.skipIf(gpuKind() === 'none')('float16', () => {
  let backend: ActivationBackend;
  beforeAll(async () => {
    backend = await createBackend();
  });
  afterAll(() => backend.dispose());

  /** Distance in float16 numbers of the results from the reference's, of which the reference itself may be half. */
  async function worst(activation: Activation, shape: Shape, x: Uint16Array): Promise<{ y: number; gradient: number }> {
    const own = await backend.compile(activation, { shape, dtype: 'float16' });
    const oracle = await createReferenceBackend().compile(activation, { shape, dtype: 'float64' });
    const upstream = Uint16Array.from(x, (_, index) => encodeHalf(Math.cos(index)));
    const numbers = (bits: ArrayLike<number>): Float64Array => Float64Array.from(bits, decodeHalf);
    const forward = await own.forward({ x });
    const back = await own.vjp({ x, upstream: { y: upstream } });
    const wanted = await oracle.forward({ x: numbers(x) });
    const wantedBack = await oracle.vjp({ x: numbers(x), upstream: { y: numbers(upstream) } });
    own.dispose();
    return { y: distance(forward.y, wanted.y), gradient: distance(back.x, wantedBack.x) };
  }

  function distance(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
    const order = (bits: number): number => (bits < 0x8000 ? bits : 0x8000 - bits);
    let most = 0;
    for (let index = 0; index < wanted.length; index++) {
      const value = wanted[index] as number;
      const own = got[index] as number;
      if (Number.isNaN(value)) expect(decodeHalf(own), `element ${index}`).toBeNaN();
      else most = Math.max(most, Math.abs(order(own) - order(encodeHalf(value))));
    }
    return most;
  }

  test('every float16 number', async () => {
    const x = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
    expect(await worst(relu(), [65_536], x)).toEqual({ y: 0, gradient: 0 });
    for (const activation of [gelu(), swish()]) expect((await worst(activation, [65_536], x)).y).toBeLessThanOrEqual(1);
  });

  test('odd lengths and rows that share a word', async () => {
    for (const shape of [[1], [3], [4], [255], [5, 7], [3, 33]]) {
      const x = Uint16Array.from({ length: elementCount(shape) }, (_, index) => encodeHalf(3 * Math.sin(index * 2.3)));
      const swished = await worst(swish(), shape, x);
      expect(Math.max(swished.y, swished.gradient)).toBeLessThanOrEqual(1);
      const scaled = await worst(velu(), shape, x);
      expect(Math.max(scaled.y, scaled.gradient)).toBeLessThanOrEqual(1);
      expect(await worst(adaRelu({ extent: 'row' }), shape, x)).toEqual({ y: 0, gradient: 0 });
    }
  });

  test.each([false, true])('rows of no elements, with barriers %s', async (barriers) => {
    const other = await createBackend({ barriers });
    const compiled = await other.compile(velu(), { shape: [3, 0], dtype: 'float16' });
    expect((await compiled.forward({ x: new Uint16Array(0) })).y).toHaveLength(0);
    expect((await compiled.vjp({ x: new Uint16Array(0), upstream: { y: new Uint16Array(0) } })).x).toHaveLength(0);
    await other.dispose();
  });
});

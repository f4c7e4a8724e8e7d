import {
  type Activation,
  adaRelu,
  crelu,
  drawsNoise,
  elementCount,
  gelu,
  outputShape,
  prelu,
  rrelu,
  type TensorSpec,
  velu,
} from '@isoact/core';
import { describe, expect, test } from 'vitest';
import { createKernel } from '../index.ts';
import { createThreads } from './index.ts';

const stateFor = (activation: Activation) => (drawsNoise(activation) ? { seed: Uint32Array.of(5, 6) } : undefined);

const noise = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => 4 * Math.sin(index * 12.9898) * Math.cos(index));

/** Both directions on a number of threads. */
async function compute(threads: number, activation: Activation, spec: TensorSpec) {
  const length = elementCount(spec.shape);
  const backend = createThreads({ threads }).createBackend();
  try {
    const compiled = await backend.compile(activation, spec);
    const x = noise(length);
    const state = stateFor(activation);
    const [forward, vjp] = await Promise.all([
      compiled.forward({ x, state }),
      compiled.vjp({ x, state, upstream: { y: noise(elementCount(outputShape(activation, spec))).reverse() } }),
    ]);
    const [y, gradient] = [forward.y, vjp.x] as [Float32Array, Float32Array];
    return { y, x: gradient, rest: { state: forward.state, parameters: vjp.parameters } };
  } finally {
    await backend.dispose();
  }
}

const cases: readonly [string, Activation, Omit<TensorSpec, 'dtype'>][] = [
  ['elements alone', gelu(), { shape: [200_003] }],
  ['statistics of rows', velu(), { shape: [333, 517] }],
  ['long rows', velu(), { shape: [1, 3, 65_537] }],
  ['statistics of samples', velu({ extent: 'sample' }), { shape: [5, 7, 9, 701] }],
  ['a statistic of all, on one thread', velu({ extent: 'tensor' }), { shape: [130, 1000] }],
  ['slopes that are drawn', rrelu({ mode: 'train' }), { shape: [90_001] }],
  ['state', adaRelu({ extent: 'row' }), { shape: [400, 301] }],
  ['a parameter per channel', prelu(), { shape: [30, 8, 1001], channelAxis: 1, parameterShapes: { slope: [8, 1] } }],
  ['outputs of two parts', crelu(), { shape: [300, 5, 77], channelAxis: 1 }],
  ['parts along the axis that is cut', crelu(), { shape: [3000, 77], channelAxis: 0 }],
  ['a parameter per row', prelu(), { shape: [300, 1001], parameterShapes: { slope: [300, 1] } }],
];

/** Compared as bytes, which is faster than number by number. */
const sameBits = (a: Float32Array | undefined, b: Float32Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

describe.each(cases)('%s', (_, activation, layout) => {
  const spec: TensorSpec = { ...layout, dtype: 'float32' };
  const length = elementCount(spec.shape);

  test('the same bits on any number of threads', async () => {
    const one = await compute(1, activation, spec);
    for (const threads of [2, 3]) {
      const several = await compute(threads, activation, spec);
      expect(sameBits(several.y, one.y)).toBe(true);
      expect(sameBits(several.x, one.x)).toBe(true);
      expect(several.rest).toEqual(one.rest);
    }
  });

  test('as the kernel for one thread gives', async () => {
    const one = await compute(1, activation, spec);
    const kernel = createKernel(activation, spec);
    const state = stateFor(activation);
    const forward = kernel.forward({ x: noise(length), state });
    const vjp = kernel.vjp({
      x: noise(length),
      state,
      upstream: { y: noise(elementCount(outputShape(activation, spec))).reverse() },
    });
    expect(sameBits(one.y, forward.y)).toBe(true);
    expect(sameBits(one.x, vjp.x)).toBe(true);
    expect(one.rest.state).toEqual(forward.state);
    for (const [name, values] of Object.entries(vjp.parameters)) {
      // sums of products of size up to 16, each block's rounded to float32
      const bound = 2 ** -23 * 16 * (length / values.length);
      for (const [index, value] of values.entries()) {
        expect(Math.abs((one.rest.parameters[name]?.[index] as number) - value)).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe('the native door', () => {
  test.each([
    ['shared among threads', gelu()],
    ['on one of them', velu({ extent: 'tensor' })],
  ])('works in the memory, calls one behind another, %s', async (_, activation) => {
    const threads = createThreads({ threads: 2 });
    const length = 100_000;
    threads.memory.grow(32);
    new Float32Array(threads.memory.buffer, 0, length).set(noise(length));
    const kernel = threads.createKernel(activation, { shape: [length], dtype: 'float32' });
    const [y, scratch] = [4 * length, 8 * length];
    await Promise.all([kernel.forward({ x: 0, y, scratch }), kernel.forward({ x: y, y, scratch })]);
    const one = createKernel(activation, { shape: [length], dtype: 'float32' });
    const twice = one.forward({ x: one.forward({ x: noise(length) }).y }).y;
    expect(sameBits(new Float32Array(threads.memory.buffer, y, length).slice(), twice)).toBe(true);
    await threads.dispose();
    await expect(kernel.forward({ x: 0, y: 0 })).rejects.toThrow('the threads must be in use (was "disposed")');
  });

  test('asks for a number of threads that makes sense', () => {
    expect(() => createThreads({ threads: 0 })).toThrow(
      'the number of threads must be a positive whole number (was 0)',
    );
  });
});

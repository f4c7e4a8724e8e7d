import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDawnGpu } from './dawn.ts';
import type { OpenGpu } from './gpu.ts';
import { gpuArithmetic } from './gpu-arithmetic.ts';
import { gpuCopy } from './gpu-copy.ts';
import { commonStep } from './gpu-timestamps.ts';

test.each([
  [[0, 65_536, 196_608, 131_072], 65_536],
  [[100, 132, 4], 32],
  [[7, 7, 7], 0],
])('the step of %j is %d', (stamps, step) => {
  expect(commonStep(stamps.map(BigInt))).toBe(BigInt(step));
});

describe.skipIf(gpuKind() === 'none')("the device's own clock", () => {
  let gpu: OpenGpu;
  beforeAll(async () => {
    gpu = await openDawnGpu();
  });
  afterAll(() => gpu.close());

  test('sees less than the wall clock, and more for more work', async () => {
    const length = 2 ** 16;
    const copy = await gpuCopy(gpu).open(length, 'float32');
    await copy.prepare({ x: new Float32Array(length), upstream: new Float32Array(0) });
    await copy.call(1);
    const { stamps } = copy;
    if (!stamps) throw new Error('This device must have timestamps (has none).');
    expect(stamps.quantumNs).toBeLessThan(65_536);
    const start = performance.now();
    const first = await stamps.time(4);
    expect(first).toBeLessThan((performance.now() - start) * 1e6);
    /** The least of several times: other programs can only add to one. */
    const least = async (calls: number): Promise<number> => {
      const times: number[] = [];
      for (let sample = 0; sample < 5; sample++) times.push(await stamps.time(calls));
      return Math.min(...times);
    };
    const some = await least(4);
    const more = await least(64);
    expect(some).toBeGreaterThan(0);
    expect(more).toBeGreaterThan(4 * some);
    await copy.dispose();
    expect(gpu.errors).toEqual([]);
  });

  test('the arithmetic peak is a rate that a machine can have', async () => {
    const rates = await gpuArithmetic(gpu).measure();
    expect(rates.length).toBeGreaterThan(2);
    for (const rate of rates) {
      expect(rate).toBeGreaterThan(1e7);
      expect(rate).toBeLessThan(1e16);
    }
    expect(gpu.errors).toEqual([]);
  });
});

import { adaRelu, gelu, prelu, relu, type TensorSpec, velu } from '@isoact/core';
import { describe, expect, test } from 'vitest';
import { createKernel, createMemoryKernel } from './index.ts';

const spec: TensorSpec = { shape: [3, 7], dtype: 'float32' };
const length = 21;
const x = Float32Array.from({ length }, (_, index) => 3 * Math.sin(index));
const upstream = Float32Array.from({ length }, (_, index) => Math.cos(index));

/** A memory with x and upstream in it, full of a number that nothing may change beside results. */
function filled() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const floats = new Float32Array(memory.buffer).fill(-12345);
  floats.set(x, 4);
  floats.set(upstream, 32);
  return { memory, floats };
}

describe('createMemoryKernel', () => {
  test('reads and writes the memory where it is told to, and nowhere else', () => {
    const { memory, floats } = filled();
    const expected = floats.slice();
    expected.set(createKernel(gelu(), spec).forward({ x }).y, 65);
    createMemoryKernel(memory, gelu(), spec).forward({ x: 16, y: 260 });
    expect(floats).toEqual(expected);
  });

  test('writes the result over an input', () => {
    for (const activation of [relu(), velu(), velu({ extent: 'tensor', statistic: 'std' })]) {
      const { memory, floats } = filled();
      const kernel = createMemoryKernel(memory, activation, spec);
      const reference = createKernel(activation, spec);
      kernel.vjp({ x: 16, upstream: 128, gradient: 128, parameterGradients: {}, scratch: 4096 });
      expect(floats.slice(32, 32 + length)).toEqual(reference.vjp({ x, upstream: { y: upstream } }).x);
      kernel.forward({ x: 16, y: 16, scratch: 4096 });
      expect(floats.slice(4, 4 + length)).toEqual(reference.forward({ x }).y);
    }
  });

  test('reads parameters with a shape from the memory, and leaves their gradients there', () => {
    const { memory, floats } = filled();
    const perColumn = { ...spec, parameterShapes: { slope: [7] } };
    const slope = Float32Array.from({ length: 7 }, (_, index) => index / 7);
    floats.set(slope, 100);
    const kernel = createMemoryKernel(memory, prelu(), perColumn);
    const offsets = { x: 16, parameters: { slope: 400 }, scratch: 4096 };
    kernel.forward({ ...offsets, y: 512 });
    kernel.vjp({ ...offsets, upstream: 128, gradient: 1024, parameterGradients: { slope: 2048 } });
    const reference = createKernel(prelu(), perColumn);
    const vjp = reference.vjp({ x, upstream: { y: upstream }, parameters: { slope } });
    expect(floats.slice(128, 128 + length)).toEqual(reference.forward({ x, parameters: { slope } }).y);
    expect(floats.slice(256, 256 + length)).toEqual(vjp.x);
    expect(floats.slice(512, 519)).toEqual(vjp.parameters.slope);
  });

  test('reads offsets anew at each call, though their objects be the same', () => {
    const { memory, floats } = filled();
    const kernel = createMemoryKernel(memory, prelu(), spec);
    const parameters = { slope: 0.5 };
    const parameterGradients = { slope: 2048 };
    const offsets = { x: 16, upstream: 128, gradient: 1024, parameters, parameterGradients, scratch: 4096 };
    kernel.vjp(offsets);
    const [first, gradient] = [floats[512], floats.slice(256, 256 + length)];
    Object.assign(parameters, { slope: 0.25 });
    Object.assign(parameterGradients, { slope: 2052 });
    kernel.vjp(offsets);
    expect(floats[513]).toBe(first); // which does not depend on the slope
    expect(floats.slice(256, 256 + length)).toEqual(
      gradient.map((value, at) => ((x[at] as number) <= 0 ? value / 2 : value)),
    );
    kernel.vjp({ ...offsets, parameterGradients: {}, scratch: 8192 });
    expect(floats.slice(512, 515)).toEqual(Float32Array.of(first as number, first as number, -12345));
  });

  test('leaves numbers that nobody asked for in the scratch memory', () => {
    const { memory, floats } = filled();
    const kernel = createMemoryKernel(memory, adaRelu(), spec);
    expect(kernel.forwardDirection.scratchBytes).toBeGreaterThan(0);
    kernel.forward({ x: 16, y: 512, scratch: 4096, newState: { positive: 1024 } });
    expect(floats[256]).toBe(x.filter((value) => value > 0).length);
    expect(floats[1024 + 4]).toBe(x.filter((value) => value < 0).length);
  });
});

describe('bad offsets', () => {
  const { memory } = filled();
  const kernel = createMemoryKernel(memory, gelu(), spec);

  test.each([
    [{ x: 2, y: 512 }, 'the offset of x of gelu must be a multiple of 4 with 84 bytes'],
    [{ x: 65_500, y: 512 }, 'the offset of x of gelu'],
    [{ x: 16, y: -4 }, 'the offset of the result of gelu'],
    [{ x: 16, y: 20 }, "the result of gelu must be at x's own place or apart from it (was 20)"],
    [{ x: 16, y: 512, parameters: { alpha: 1 } }, 'a parameter of gelu must be none (was "alpha")'],
  ])('%j', (offsets, message) => {
    expect(() => kernel.forward(offsets)).toThrow(message);
  });
});

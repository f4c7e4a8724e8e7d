import {
  adaRelu,
  createReferenceBackend,
  gelu,
  geluTanh,
  prelu,
  relu,
  rrelu,
  type TensorSpec,
  velu,
} from '@isoact/core';
import { describe, expect, test } from 'vitest';
import { createBackend, createKernel } from './index.ts';

const row: TensorSpec = { shape: [1, 5], dtype: 'float32' };
const golden = Float32Array.of(-2, -1, 0, 1, 2);
const ones = new Float32Array(5).fill(1);

const near = (got: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(got.length).toBe(expected.length);
  for (const [index, value] of Array.from(expected).entries()) expect(got[index]).toBeCloseTo(value, 6);
};

describe('createKernel', () => {
  test('gives the golden row of VeLU, its penalty and its gradient', () => {
    const kernel = createKernel(velu({ transport: 'penalty' }), row);
    const { y, penalty } = kernel.forward({ x: golden });
    near(y, [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498]);
    expect(penalty).toBeCloseTo(0.0641557566229, 6);
    const { x } = kernel.vjp({ x: golden, upstream: { y: ones } });
    near(x, [0.507563714486, 0.51779439807, 0.528122029847, 0.538449661624, 0.548680345209]);
  });

  test('leaves its inputs as they are, and its earlier results', () => {
    const kernel = createKernel(gelu(), row);
    const x = golden.slice();
    const first = kernel.forward({ x }).y;
    const before = first.slice();
    kernel.forward({ x: ones });
    expect(x).toEqual(golden);
    expect(first).toEqual(before);
  });

  test('writes into an array that is given', () => {
    const y = new Float32Array(5);
    expect(createKernel(relu(), row).forward({ x: golden }, y).y).toBe(y);
    expect([...y]).toEqual([0, 0, 0, 1, 2]);
    const gradient = new Float32Array(5);
    createKernel(relu(), row).vjp({ x: golden, upstream: { y: ones } }, gradient);
    expect([...gradient]).toEqual([0, 0, 0, 1, 1]);
  });

  test("takes parameters of a call, of another size than the activation's own", async () => {
    const kernel = createKernel(velu(), row);
    const parameters = { alpha: Float32Array.of(20), lambda: Float32Array.of(-3) };
    const reference = await createReferenceBackend().compile(velu(), row);
    near(kernel.forward({ x: golden, parameters }).y, (await reference.forward({ x: golden, parameters })).y);
    near(kernel.forward({ x: golden }).y, (await reference.forward({ x: golden })).y);
  });

  test('takes what each call brings, and nothing of the call before', async () => {
    const activation = velu({ transport: 'penalty' });
    const kernel = createKernel(activation, row);
    const reference = await createReferenceBackend().compile(activation, row);
    const lambda = new Float32Array(1);
    for (const [value, penalty] of [[0.5], [0.25], [0.25, 2], [0.75, 3], [0.75]] as const) {
      lambda[0] = value;
      const call = { x: golden, upstream: { y: ones, ...(penalty && { penalty }) }, parameters: { lambda } };
      near(kernel.vjp(call).x, (await reference.vjp(call)).x);
      near(
        kernel.vjp({ x: golden, upstream: { y: ones } }).x,
        (await reference.vjp({ x: golden, upstream: { y: ones } })).x,
      );
    }
  });

  test('multiplies a small upstream gradient in last, so that no step on the way is subnormal', async () => {
    const small: TensorSpec = { shape: [1], dtype: 'float32' };
    // σ is 3e-13 there, and the derivative 60 times as large
    const call = { x: Float32Array.of(-6.38), upstream: { y: Float32Array.of(1e-30) } };
    const expected = (await (await createReferenceBackend().compile(geluTanh(), small)).vjp(call)).x[0] as number;
    const got = createKernel(geluTanh(), small).vjp(call).x[0] as number;
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(2 * 2 ** -149);
  });

  test('draws by a seed that is filled anew', () => {
    const kernel = createKernel(rrelu({ mode: 'train' }), row);
    const seed = Uint32Array.of(1, 2);
    const first = kernel.forward({ x: golden, state: { seed } }).y;
    seed[0] = 3;
    const second = kernel.forward({ x: golden, state: { seed } }).y;
    expect(second).not.toEqual(first);
    expect(second).toEqual(kernel.forward({ x: golden, state: { seed: Uint32Array.of(3, 2) } }).y);
  });

  test('takes and gives state', () => {
    const { state } = createKernel(adaRelu(), row).forward({ x: Float32Array.of(1, 2, -3, 0, Number.NaN) });
    expect(state).toEqual({ positive: Float32Array.of(2), negative: Float32Array.of(1) });
    const frozen = createKernel(adaRelu({ mode: 'frozen' }), row);
    const y = new Float32Array(5);
    expect([...frozen.forward({ x: golden, state: state ?? {} }, y).y]).toEqual([-2, -1, 0, 0, 0]);
    expect(() => frozen.forward({ x: golden })).toThrow('state "negative" of adaRelu must be a Float32Array');
  });

  test('grows its memory, and stays right for kernels made before', () => {
    const small = createKernel(relu(), row);
    const length = 3_000_001;
    const large = createKernel(relu(), { shape: [length], dtype: 'float32' });
    const { y } = large.forward({ x: new Float32Array(length).fill(-1).fill(2, length - 1) });
    expect([y[0], y[length - 1]]).toEqual([0, 2]);
    expect([...small.forward({ x: golden }).y]).toEqual([0, 0, 0, 1, 2]);
  });
});

describe('bad input', () => {
  test('specifications', () => {
    expect(() => createKernel(relu(), { shape: [5], dtype: 'float64' })).toThrow(
      'dtype on wasm must be "float32" (was "float64")',
    );
    expect(() => createKernel(velu({ extent: 'channel' }), row)).toThrow('channelAxis must be given');
    expect(() => createKernel(relu(), { shape: [2 ** 31], dtype: 'float32' })).toThrow(
      'WebAssembly must be given memory of 8589934592 bytes (was "refused"). Use a smaller tensor.',
    );
  });

  test('arrays and parameters', () => {
    const kernel = createKernel(prelu(), row);
    expect(() => kernel.forward({ x: new Float32Array(4) })).toThrow('the length of x must be 5');
    expect(() => kernel.forward({ x: golden }, new Float32Array(4))).toThrow('the length of the result must be 5');
    expect(() => kernel.forward({ x: golden, parameters: { slopes: ones } })).toThrow(
      'a parameter of prelu must be "slope"',
    );
    expect(() => kernel.vjp({ x: golden, upstream: { y: new Float32Array(6) } })).toThrow('upstream.y must be 5');
  });

  test('use after the end', async () => {
    const backend = createBackend();
    const compiled = await backend.compile(relu(), row);
    compiled.dispose();
    await expect(compiled.forward({ x: golden })).rejects.toThrow('compiled relu must be in use (was "disposed")');
    await backend.dispose();
    await expect(backend.compile(relu(), row)).rejects.toThrow('the wasm backend must be in use');
  });
});

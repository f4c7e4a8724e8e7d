import { expect, test } from 'vitest';
import { add, equal, mul, select, sum } from '../expression/index.ts';
import {
  adaRelu,
  createReference,
  createReferenceBackend,
  crelu,
  defineActivation,
  prelu,
  rrelu,
  velu,
} from '../index.ts';

test('any array of numbers goes in, and float64 comes out', async () => {
  const x = [-2, -1, 0, 1, 2];
  const upstream = [1, -1, 0.5, 2, 3];
  const { forward, vjp } = createReference(velu({ transport: 'penalty' }), { shape: [1, 5] });
  const compiled = await createReferenceBackend().compile(velu({ transport: 'penalty' }), {
    shape: [1, 5],
    dtype: 'float64',
  });
  const data = Float64Array.from(x);
  const { y, penalty } = await compiled.forward({ x: data });
  expect(forward({ x })).toEqual({ y, penalty, state: {} });
  expect(vjp({ x: Float32Array.from(x), upstream: { y: upstream, penalty: 0.5 } })).toEqual(
    await compiled.vjp({ x: data, upstream: { y: Float64Array.from(upstream), penalty: 0.5 } }),
  );
});

test('states, parts and parameters with a shape', () => {
  const chosen = createReference(adaRelu(), { shape: [4] }).forward({ x: [1, 2, -3, 0] });
  expect(chosen).toEqual({
    y: Float64Array.of(0, 0, -3, 0),
    penalty: undefined,
    state: { positive: Float64Array.of(2), negative: Float64Array.of(1) },
  });
  const parts = createReference(crelu(), { shape: [2, 2], channelAxis: 1 });
  expect([...parts.forward({ x: [1, -2, 3, -4] }).y]).toEqual([1, 0, 0, 2, 3, 0, 0, 4]);
  expect([...parts.vjp({ x: [1, -2, 3, -4], upstream: { y: [1, 2, 3, 4, 5, 6, 7, 8] } }).x]).toEqual([1, -4, 5, -8]);
  const sloped = createReference(prelu(), { shape: [2, 2], parameterShapes: { slope: [2] } });
  expect([...sloped.forward({ x: [-1, -1, -1, 5], parameters: { slope: [2, 3] } }).y]).toEqual([-2, -3, -2, 5]);
});

test('of no elements: empty tensors, and sums of nothing', () => {
  const { forward, vjp } = createReference(prelu(), { shape: [0, 3], parameterShapes: { slope: [3] } });
  expect(forward({ x: [] }).y).toEqual(new Float64Array(0));
  expect(vjp({ x: [], upstream: { y: [] } })).toEqual({
    x: new Float64Array(0),
    parameters: { slope: Float64Array.of(0, 0, 0) },
  });
});

test('bad input', () => {
  const { forward, vjp } = createReference(prelu(), { shape: [2] });
  const x = [1, 2];
  expect(() => createReference(prelu(), { shape: [2.5] })).toThrow(
    'shape must be non-negative integers with a product below 2^53 (was [2.5]).',
  );
  expect(() => forward({ x: [1] })).toThrow('the length of x must be 2, the product of its shape (was 1).');
  expect(() => forward({ x, parameters: { slope: [Number.NaN] } })).toThrow(
    "prelu's slope must be a finite number (was NaN).",
  );
  expect(() => forward({ x, parameters: { slop: [1] } })).toThrow('a parameter of prelu must be "slope" (was "slop").');
  expect(() => vjp({ x, upstream: { y: [1, 2, 3] } })).toThrow('the length of upstream.y must be 2');
  expect(() => createReference(adaRelu({ mode: 'frozen' }), { shape: [2] }).forward({ x })).toThrow(
    'the length of state "negative" of adaRelu must be 1, the product of its shape (was undefined).',
  );
  expect(() => createReference(rrelu({ mode: 'train' }), { shape: [2] }).forward({ x })).toThrow(
    'state "seed" of rrelu must be a Uint32Array of two (was undefined).',
  );
});

test('what a state is called must not be what a result is called', () => {
  expect(() =>
    defineActivation({
      name: 'shy',
      forward: (x) => {
        const penalty = sum(x, 'row');
        return { y: select(equal(penalty, 0), x, add(x, mul(0, penalty))), state: { penalty } };
      },
      limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
    }),
  ).toThrow(`shy's state must be named otherwise than "x", "y", "upstream", "penalty"`);
});

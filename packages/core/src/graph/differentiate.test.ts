import { describe, expect, test } from 'vitest';
import type { Activation } from '../definition.ts';
import * as e from '../expression/build.ts';
import type { Expression } from '../expression/node.ts';
import { createReferenceBackend, defineActivation, trainable } from '../index.ts';
import { mapValues } from '../records.ts';

const undeclared = { value: null, slope: null };
const limits = (): Record<'negative' | 'positive', typeof undeclared> => ({
  negative: undeclared,
  positive: undeclared,
});

const gradient = async (activation: Activation, x: number, upstream = 1): Promise<Record<string, number>> => {
  const compiled = await createReferenceBackend().compile(activation, { shape: [1], dtype: 'float64' });
  const { x: ofX, parameters } = await compiled.vjp({
    x: Float64Array.of(x),
    upstream: { y: Float64Array.of(upstream) },
  });
  const value = ([first = Number.NaN]: Iterable<number>): number => first + 0; // either zero as 0
  return { x: value(ofX), ...mapValues(parameters, value) };
};

describe('an adjoint of 0 hands on 0 where the next derivative is infinite', () => {
  test('x·tanh(e^{βx}), flat long before its exponential is infinite', async () => {
    const gated = defineActivation({
      name: 'gated',
      parameters: { beta: trainable(1) },
      forward: (x, { beta }) => e.mul(x, e.tanh(e.exp(e.mul(beta, x)))),
      limits,
    });
    for (const x of [100, 1000, 1e300]) expect(await gradient(gated(), x)).toEqual({ x: 1, beta: 0 });
    expect(await gradient(gated({ beta: -1 }), -1000)).toEqual({ x: 1, beta: 0 });
  });

  const flat: Readonly<Record<string, readonly [forward: (x: Expression) => Expression, at: number]>> = {
    'erf(e^x - 1)': [(x) => e.erf(e.expm1(x)), 1000],
    'tanh(1/x)': [(x) => e.tanh(e.div(1, x)), 0],
    'tanh(x/x²)': [(x) => e.tanh(e.div(x, e.mul(x, x))), 1e-300],
    'σ(log x)': [(x) => e.sigmoid(e.mul(1000, e.log(x))), 0],
    'σ(log(1 + x))': [(x) => e.sigmoid(e.mul(1000, e.log1p(x))), -1],
  };
  test.each(Object.entries(flat))('%s', async (name, [forward, at]) => {
    const activation = defineActivation({ name: 'flat', forward: (x) => forward(x), limits });
    expect(await gradient(activation(), at), name).toEqual({ x: 0 });
  });

  test('an element that the loss leaves out', async () => {
    const growth = defineActivation({ name: 'growth', forward: (x) => e.exp(x), limits });
    expect(await gradient(growth(), 1000, 0)).toEqual({ x: 0 });
    expect(await gradient(growth(), 1000, 1)).toEqual({ x: Number.POSITIVE_INFINITY });
  });
});

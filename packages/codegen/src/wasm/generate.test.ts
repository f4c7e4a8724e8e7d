import { type Activation, type Direction, plan, relu, sequentialTarget, velu } from '@isoact/core';
import { describe, expect, test } from 'vitest';
import { compileWasm, encodeModule, generateWasm, printModule, rangeClasses } from '../index.ts';

const planned = (activation: Activation, shape: number[], direction: Direction = 'forward') =>
  plan(activation, { shape, dtype: 'float32' }, direction, sequentialTarget);
const text = (activation: Activation, shape: number[]): string => {
  const { module } = generateWasm(planned(activation, shape), { bounds: rangeClasses(activation) });
  return printModule(module).split('\n  (func $loadTail')[0] as string;
};

/** Runs the code whose text a test shows, on rows that end in a partial vector. */
function run(activation: Activation, x: number[], shape: number[]): number[] {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const values = new Float32Array(memory.buffer, 0, x.length);
  values.set(x);
  compileWasm(planned(activation, shape), memory, { bounds: rangeClasses(activation) }).run({
    inputs: { x: 0 },
    parameters: activation.parameters,
    outputs: { y: 0 },
    scalars: {},
  });
  return [...values];
}

describe('the text', () => {
  test('of relu, which is run too', () => {
    expect(run(relu(), [-1, 2, Number.NaN, -0, 3, -4], [6])).toEqual([0, 2, Number.NaN, 0, 3, 0]);
    expect(text(relu(), [6])).toMatchInlineSnapshot();
  });

  test('of velu, which is run too', () => {
    const golden = [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498];
    const got = run(velu(), [-2, -1, 0, 1, 2, -2, -1, 0, 1, 2], [2, 5]);
    for (const [index, value] of [...golden, ...golden].entries()) expect(got[index]).toBeCloseTo(value, 6);
    expect(text(velu(), [2, 5])).toMatchInlineSnapshot();
  });

  test('does not depend on the size', () => {
    const bytes = (shape: number[]) => encodeModule(generateWasm(planned(velu(), shape, 'vjp')).module);
    expect(bytes([3, 4])).toEqual(bytes([300, 512]));
  });
});

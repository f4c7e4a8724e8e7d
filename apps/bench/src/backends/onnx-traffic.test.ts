/** What a graph is said to move: its values in the types that it has them in. */
import { velu } from '@isoact/core';
import { toOnnx } from '@isoact/onnxruntime';
import { describe, expect, test } from 'vitest';
import { composedOnnx } from '../peers/onnx-composed.ts';
import { type Precision, throughout } from '../peers/onnx-graph.ts';
import { nativeOnnx } from '../peers/onnx-native.ts';
import { graphCost } from './onnx-traffic.ts';

const shape = [2, 1024];
const length = 2048;
const costOf = (model: Uint8Array, provider: 'cpu' | 'webgpu' = 'webgpu') =>
  graphCost(model, ['x', 'upstream'], length, provider);
const gelu = (precision: Precision) => composedOnnx('gelu', 'forward', shape, precision);

test('one node reads and writes each element once', () => {
  expect(costOf(nativeOnnx('gelu', shape, 'float32'))).toEqual({ passes: 1, bytes: 8 * length });
  expect(costOf(nativeOnnx('gelu', shape, 'float16'))).toEqual({ passes: 1, bytes: 4 * length });
});

describe('a graph of five nodes', () => {
  test('moves half as much in float16', () => {
    const [wide, narrow] = [costOf(gelu(throughout('float32'))), costOf(gelu(throughout('float16')))];
    // Mul, Erf, Add, Mul, Mul: the last one reads two tensors.
    expect(wide).toEqual({ passes: 5, bytes: 11 * 4 * length });
    expect(narrow).toEqual({ passes: 5, bytes: (wide.bytes ?? 0) / 2 });
  });

  test('that computes in float32 moves float32, and its conversions beside it', () => {
    const wide = costOf(gelu(throughout('float32')));
    const mixed = costOf(gelu({ storage: 'float16', arithmetic: 'float32' }));
    expect(mixed).toEqual({ passes: 7, bytes: (wide.bytes ?? 0) + 2 * (2 + 4) * length });
  });

  test('is not known where a processor converts around nodes as it likes', () => {
    expect(costOf(gelu(throughout('float16')), 'cpu')).toEqual({ passes: null, bytes: null });
    expect(costOf(gelu({ storage: 'float16', arithmetic: 'float32' }), 'cpu').bytes).toBeGreaterThan(0);
  });
});

test('truths are bytes: two comparisons, a choice of two, and their counts', () => {
  // x > 0 and x < 0 as bytes, as float32, and their sums; min, max and the choice between them.
  const bytes = 2 * (4 + 1) + 2 * (1 + 4) + 2 * 4 + 2 * 8 + 12;
  expect(costOf(composedOnnx('adaRelu', 'forward', shape)).bytes).toBe(bytes * length);
});

test('ours computes float16 in wider numbers, which are counted as they are', () => {
  const narrow = costOf(toOnnx(velu(), { shape, dtype: 'float16', arithmetic: 'float64' }), 'cpu');
  expect(narrow.bytes).toBeGreaterThan(8 * length * (narrow.passes ?? 0));
});

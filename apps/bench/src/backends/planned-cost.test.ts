import { adaRelu, gelu, velu } from '@isoact/core';
import { gpuTarget } from '@isoact/core/plan';
import { expect, test } from 'vitest';
import type { BenchCase } from '../core/candidate.ts';
import { caseOf } from '../core/case-data.ts';
import { plannedCost } from './planned-cost.ts';

const question = (activation: BenchCase['activation'], direction: BenchCase['direction']): BenchCase =>
  caseOf(activation, direction, 16 * 1024);
const tensor = 4 * 16 * 1024;

test.each([
  ['velu reads and writes its rows once', velu(), 'forward', 1, 2],
  ['its vjp reads x and the upstream gradient once', velu(), 'vjp', 1, 3],
  ['adaRelu counts first, then maps', adaRelu(), 'forward', 2, 3],
  ['its vjp too', adaRelu(), 'vjp', 2, 4],
  ['gelu is one walk', gelu(), 'forward', 1, 2],
] as const)('%s', (_, activation, direction, passes, tensors) => {
  expect(plannedCost(question(activation, direction), gpuTarget)).toEqual({ passes, bytes: tensors * tensor });
});

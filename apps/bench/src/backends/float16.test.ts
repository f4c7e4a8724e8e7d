/** float16 on the runtimes themselves: right by the suite on what is timed, stored as float16, and charged for what moves. */
import { adaRelu, crelu, gelu, velu } from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchCase, DeviceSummary, Found } from '../core/candidate.ts';
import { caseOf } from '../core/case-data.ts';
import { systemClock } from '../core/clock.ts';
import { createExams } from '../core/exams.ts';
import { gate } from '../core/gate.ts';
import { openDawnGpu } from './dawn.ts';
import { findOnnxruntime } from './onnxruntime.ts';
import { findWebgpu } from './webgpu.ts';

const cpu: DeviceSummary = { kind: 'cpu', description: 'processor', software: false };
const half = { dtype: 'float16' } as const;
const questions: readonly (readonly [string, BenchCase])[] = [
  // Among its numbers are some where asin is steep, so that parameters of another rounding would show.
  ['velu forward', caseOf(velu(), 'forward', 4096, half)],
  ['velu vjp', caseOf(velu(), 'vjp', 4096, half)],
  ['adaRelu vjp', caseOf(adaRelu(), 'vjp', 4096, half)],
  ['crelu, whose y has two parts', caseOf(crelu(), 'forward', 4096, half)],
  ['an odd number of elements', caseOf(gelu(), 'vjp', 333, half)],
];

/** What becomes of a contender, and what it says that a call moves. */
async function examine(found: Found, subject: string, question: BenchCase) {
  const contender = found.contenders.find((each) => each.subject === subject);
  if (!contender) throw new Error(`There must be ${subject} (is not).`);
  const candidate = await contender.open(question);
  const { device } = contender;
  const { verdict } = await gate(candidate, createExams(question).entrance(contender), device, half.dtype, systemClock);
  await candidate.dispose();
  return { verdict, bytes: candidate.cost.bytes };
}

describe('onnxruntime on the processor', () => {
  let found: Found;
  beforeAll(async () => {
    found = await findOnnxruntime(['cpu'], () => import('onnxruntime-node'), cpu, null);
  });
  afterAll(() => found.close());

  test.each(questions)('%s', async (_, question) => {
    const { verdict, bytes } = await examine(found, 'onnxruntime-cpu', question);
    expect(verdict).toBe('passed');
    expect(bytes).toBeGreaterThan(0);
  });

  test('what computes in float32 inside is right, and what the runtime converts by itself moves nobody knows what', async () => {
    const question = caseOf(velu(), 'forward', 4096, half);
    const mixed = await examine(found, 'onnxruntime-cpu mixed', question);
    expect(mixed.verdict).toBe('passed');
    expect(mixed.bytes).toBeGreaterThan(4 * 4096 * 4);
    expect((await examine(found, 'onnxruntime-cpu composed', question)).bytes).toBeNull();
  });
});

describe.skipIf(gpuKind() === 'none')('webgpu', () => {
  let found: Found;
  beforeAll(async () => {
    found = await findWebgpu(openDawnGpu);
  });
  afterAll(() => found.close());

  test.each(questions)('%s', async (_, question) => {
    expect((await examine(found, 'webgpu', question)).verdict).toBe('passed');
  });

  test('moves two bytes for each element that is read or written', async () => {
    expect((await examine(found, 'webgpu', caseOf(velu(), 'forward', 4096, half))).bytes).toBe(2 * 2 * 4096);
    expect((await examine(found, 'webgpu', caseOf(velu(), 'vjp', 4096, half))).bytes).toBe(3 * 2 * 4096);
  });
});

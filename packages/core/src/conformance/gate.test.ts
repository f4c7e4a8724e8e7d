import { describe, expect, test } from 'vitest';
import {
  type ActivationBackend,
  adaRelu,
  createReferenceBackend,
  type Data,
  gelu,
  prelu,
  relu,
  type TensorSpec,
  velu,
} from '../index.ts';
import { checkCompiled, createGate } from './index.ts';
import { withResult } from './mutants/mutant.ts';

const spec: TensorSpec = { shape: [96, 1024], dtype: 'float32' };
const subjects = {
  relu: relu(),
  gelu: gelu(),
  prelu: prelu(),
  velu: velu({ transport: 'penalty' }),
  whole: velu({ extent: 'tensor' }),
  adaRelu: adaRelu(),
  frozen: adaRelu({ mode: 'frozen' }),
};

describe('the gate', () => {
  for (const [name, activation] of Object.entries(subjects)) {
    test.each(['forward', 'vjp'] as const)(`lets the reference through: ${name} %s`, async (direction) => {
      const result = await checkCompiled(createReferenceBackend(), activation, spec, direction);
      expect(result.reason).toBeUndefined();
      expect(result).toMatchObject({ passed: true, grade: expect.stringMatching(/exact|A/) });
      expect(result.values).toBeGreaterThanOrEqual(4096);
    });
  }

  const oneWrong = (index: number): ActivationBackend =>
    withResult('one wrong element', {
      forward: (result) => ({ ...result, y: wrongAt(result.y, index) }),
      vjp: (result) => ({ ...result, x: wrongAt(result.x, index) }),
    });
  const wrongAt = (values: Data, index: number): Data => values.map((value, k) => (k === index ? 0.3 : value)) as Data;

  test.each([0, 1, 5000, 50_000, 70_001, 98_303])(
    'finds element %i wrong, of 98 304, in some period or the sample',
    async (index) => {
      for (const activation of [gelu(), velu()]) {
        // an element of the first period that is not in the sample shows in its images
        const { passed, reason } = await checkCompiled(oneWrong(index), activation, spec, 'forward');
        expect([passed, typeof reason]).toEqual([false, 'string']);
      }
    },
  );

  test('finds a gradient of a parameter that is off by a ten-thousandth', async () => {
    const subject = withResult('off', {
      vjp: (result) => ({
        ...result,
        parameters: { slope: Float32Array.of((result.parameters.slope?.[0] as number) * (1 + 1e-4)) },
      }),
    });
    expect((await checkCompiled(subject, prelu(), spec, 'vjp')).passed).toBe(false);
  });

  test('reports what throws, hangs or is not there', async () => {
    const throwing = withResult('throwing', {
      forward: () => {
        throw new TypeError('broken');
      },
    });
    expect((await checkCompiled(throwing, relu(), spec, 'forward')).reason).toBe('TypeError: broken');
    const inner = createReferenceBackend();
    const hanging: ActivationBackend = { ...inner, compile: () => new Promise(() => {}) };
    expect((await checkCompiled(hanging, relu(), spec, 'forward', { timeLimit: 20 })).reason).toMatch(
      /^TimeLimitError/,
    );
    expect(createGate(relu(), spec, 'forward').check({}).reason).toBe('output y must have 98304 values (had none)');
  });

  test('asks peers for finite numbers alone', () => {
    const { data } = createGate(relu(), spec, 'forward', { finiteOnly: true });
    expect(data.x.every((value) => Number.isFinite(value) && Math.abs(value) > 1e-30)).toBe(true);
    expect(createGate(relu(), spec, 'forward').data.x.some((value) => Number.isNaN(value))).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { createReferenceBackend, relu, swish } from '../index.ts';
import { conformance, runConformance } from './index.ts';

conformance({ describe, test, createBackend: createReferenceBackend, owed: 'A', quick: true });

describe('a run', () => {
  test('reports every activation and direction', async () => {
    const report = await runConformance(createReferenceBackend(), {
      activations: [swish, 'relu'],
      quick: true,
      dtypes: ['float32'],
    });
    expect(report.passed).toBe(true);
    expect(report.results.map(({ activation, direction, grade }) => [activation, direction, grade])).toEqual([
      ['swish', 'forward', 'exact'],
      ['swish', 'vjp', 'exact'],
      ['relu', 'forward', 'exact'],
      ['relu', 'vjp', 'exact'],
    ]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('asks the same questions for the same seed', async () => {
    const run = (seed: number) =>
      runConformance(createReferenceBackend(), { activations: ['relu'], groups: ['sweep'], quick: true, seed });
    expect((await run(1)).casesHash).toBe((await run(1)).casesHash);
    expect((await run(1)).casesHash).not.toBe((await run(2)).casesHash);
  });

  test('that compared nothing fails', async () => {
    const report = await runConformance(createReferenceBackend(), { activations: [relu()], groups: [] });
    expect(report.verdicts).toEqual(['nothing was compared']);
  });

  test('goes on when a backend hangs or throws', async () => {
    const inner = createReferenceBackend();
    const report = await runConformance(
      {
        ...inner,
        compile: async (activation, spec) => ({
          ...(await inner.compile(activation, spec)),
          forward: () => new Promise(() => {}),
          vjp: () => {
            throw new TypeError('broken');
          },
        }),
      },
      { activations: ['relu'], groups: ['lattice'], dtypes: ['float32'], timeLimit: 20 },
    );
    expect(report.passed).toBe(false);
    expect(report.failures[0]?.faults[0]).toBe('TimeLimitError: forward must end within 20 ms (did not).');
    expect(report.failures.at(-1)?.faults[0]).toBe('TypeError: broken');
    expect(report.results.map(({ grade }) => grade)).toEqual([null, null]);
  });
});

describe('expected failures', () => {
  const broken = () => {
    const inner = createReferenceBackend();
    return {
      ...inner,
      compile: async (...[activation, spec]: Parameters<typeof inner.compile>) => {
        const compiled = await inner.compile(activation, spec);
        return {
          ...compiled,
          forward: async (inputs: Parameters<typeof compiled.forward>[0]) => ({
            y: inputs.x.map((x) => Math.max(x, 0) * (1 + 2e-6)),
          }),
        };
      },
    };
  };
  const options = { activations: ['relu'], groups: ['cancellation'], dtypes: ['float32'], quick: true } as const;

  test('pass no further than their bound', async () => {
    const known = (maxUlp: number) => [{ id: 'relu/cancellation/forward/*', reason: 'a test', maxUlp }];
    const within = await runConformance(broken(), { ...options, expected: known(40) });
    expect([within.passed, within.totals.expectedFailures]).toEqual([true, 3]);
    const beyond = await runConformance(broken(), { ...options, expected: known(4) });
    expect([beyond.passed, beyond.totals.failed]).toEqual([false, 3]);
  });

  test('that pass fail the run', async () => {
    const expected = [{ id: 'relu/cancellation/*', reason: 'a test', maxUlp: 1 }];
    const report = await runConformance(createReferenceBackend(), { ...options, expected });
    expect(report.verdicts).toEqual(['1 expected failures passed']);
  });

  test('of another device do not count', async () => {
    const expected = [{ id: 'relu/*', when: { device: 'swiftshader' }, reason: 'a test', maxUlp: 1e9 }];
    const report = await runConformance(broken(), { ...options, expected });
    expect(report.totals.failed).toBe(3);
  });
});

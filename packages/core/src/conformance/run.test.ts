import { describe, expect, test } from 'vitest';
import { createReferenceBackend, relu, swish, UnsupportedError } from '../index.ts';
import { conformance, type ExpectedFailure, type GroupName, runConformance } from './index.ts';

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

describe('a backend that', () => {
  type Inner = ReturnType<typeof createReferenceBackend>;
  type Compiled = Awaited<ReturnType<Inner['compile']>>;
  const changed = (change: (compiled: Compiled) => Partial<Compiled>, more: Partial<Inner> = {}): Inner => {
    const inner = createReferenceBackend();
    return {
      ...inner,
      ...more,
      compile: async (activation, spec) => {
        const compiled = await inner.compile(activation, spec);
        return { ...compiled, ...change(compiled) };
      },
    };
  };
  const run = (backend: Inner, groups: readonly GroupName[] = ['layout'], expected: readonly ExpectedFailure[] = []) =>
    runConformance(backend, { activations: ['relu', 'tanh'], groups, dtypes: ['float32'], quick: true, expected });
  const everything = [{ id: '*', reason: 'a test', maxUlp: Number.POSITIVE_INFINITY }];

  test('gives outputs of the wrong length says so, and no expected failure covers it', async () => {
    const short = changed(({ forward }) => ({
      forward: async (inputs) => ({ y: (await forward(inputs)).y.slice(1) }),
    }));
    const report = await run(short, ['layout'], everything);
    expect(report.passed).toBe(false);
    expect(report.failures.map(({ faults }) => faults[0])).toContain('output y must have 335 values (had 334)');
    expect(report.failures.every(({ expected }) => !expected)).toBe(true);
    expect(
      report.results.find(({ activation, direction }) => activation === 'tanh' && direction === 'vjp')?.failed,
    ).toBe(0);
  });

  test('gives equal elements unequal bits is covered only where an expected failure speaks of laws', async () => {
    const uneven = changed(({ forward }) => ({
      forward: async (inputs) => {
        const { y } = await forward(inputs);
        y[y.length - 1] = (y.at(-1) as number) * (1 + 2 ** -22);
        return { y };
      },
    }));
    expect((await run(uneven, ['layout'], everything)).passed).toBe(false);
    const lawsOnly = [{ id: '*/layout/forward/*', reason: 'a test', maxUlp: 0, laws: true }];
    const { failures, passed } = await run(uneven, ['layout'], lawsOnly);
    expect(failures.length).toBeGreaterThan(0);
    expect(passed).toBe(true);
  });

  test('gives outputs of another type, or none, or some that nobody asked for', async () => {
    const faults = async (change: Parameters<typeof changed>[0]) => (await run(changed(change))).failures[1]?.faults[0];
    const doubles = await faults(({ forward }) => ({
      forward: async (inputs) => ({ y: Float64Array.from((await forward(inputs)).y) }),
    }));
    expect(doubles).toBe('output y must be a Float32Array (was a Float64Array)');
    const none = await faults(() => ({ forward: async () => ({}) as never }));
    expect(none).toBe('output y must have 335 values (had none)');
    const more = await faults(({ vjp }) => ({
      vjp: async (inputs) => ({ ...(await vjp(inputs)), parameters: { slope: new Float32Array(1) } }),
    }));
    expect(more).toBe('output slope must not be there (nobody asked for it)');
  });

  test('leaves outputs unwritten fails, whatever lay there before', async () => {
    for (const poison of [0, Number.NaN, 7]) {
      const lazy = changed(({ forward }) => ({
        forward: async (inputs) => {
          const { y } = await forward(inputs);
          y[y.length - 1] = poison;
          return { y };
        },
      }));
      const { results, failures } = await run(lazy, ['integrity']);
      const failed = results
        .filter((row) => row.failed > 0)
        .map(({ activation, direction }) => `${activation} ${direction}`);
      expect(failed).toContain('tanh forward');
      expect(
        failures.some(
          ({ id }) =>
            id === 'tanh/integrity/forward/repeats give the same bits, written anew, and leave the first alone',
        ),
      ).toBe(true);
    }
  });

  test('lies about what it supports is found out, claim by claim', async () => {
    const { supports } = createReferenceBackend();
    const verdicts = async (backend: Inner) => (await run(backend, ['lattice'])).verdicts;
    const dropsNaN = changed(({ forward }) => ({
      forward: async (inputs) => ({
        y: (await forward(inputs)).y.map((value) => (Number.isNaN(value) ? 0 : value)) as Float32Array,
      }),
    }));
    expect(await verdicts(dropsNaN)).toContain('over-claim of nan: claimed propagate, observed not propagate');
    const flushes = changed(({ forward }) => ({
      forward: async (inputs) => ({
        y: (await forward(inputs)).y.map((value) => (Math.abs(value) < 2 ** -126 ? 0 : value)) as Float32Array,
      }),
    }));
    expect(await verdicts(flushes)).toContain('over-claim of subnormals: claimed keep, observed not keep');
    const halves = changed(() => ({}), { supports: { ...supports, dtypes: ['float32', 'float64', 'float16'] } });
    expect(await verdicts(halves)).toContain('over-claim of dtype float16: claimed true, observed false');
    const modest = changed(() => ({}), { supports: { ...supports, dtypes: ['float32'], gradients: false } });
    expect(await verdicts(modest)).toEqual([
      'under-claim of dtype float64: claimed false, observed true',
      'under-claim of gradients: claimed false, observed true',
    ]);
    const bold = changed(
      () => ({
        vjp: async () => {
          throw new UnsupportedError('no gradients');
        },
      }),
      { supports },
    );
    expect(await verdicts(bold)).toContain('over-claim of gradients: claimed true, observed false');
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

import { describe, expect, test } from 'vitest';
import { createReferenceBackend } from '../index.ts';
import { conformanceReport, type ExpectedFailure, mergeSubjects, reportMarkdown, runConformance } from './index.ts';

const options = { groups: ['lattice', 'breakpoints', 'layout'], dtypes: ['float32'], quick: true } as const;
const run = (activations: readonly string[], expected: readonly ExpectedFailure[] = []) =>
  runConformance(createReferenceBackend(), { ...options, activations, expected });

describe('the report', () => {
  test('has the form of its schema', async () => {
    const subject = await run(['relu', 'velu']);
    const report = conformanceReport([subject], 7, { killed: 2, total: 3, survivors: ['relu drops NaN'] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      schema: 'isoact.conformance/1',
      seed: 7,
      casesHash: subject.casesHash,
      subjects: [
        {
          name: 'reference',
          device: { architecture: 'javascript' },
          supports: { dtypes: ['float32', 'float64'], sumDepth: { 1: 1, 1024: 1, 1048576: 1 } },
        },
      ],
      mutants: { killed: 2, total: 3, survivors: ['relu drops NaN'] },
      passed: false,
    });
    expect(Object.keys(report.subjects[0]?.results[0] ?? {})).toEqual(
      expect.arrayContaining(
        'activation direction dtype extent grade cases passed failed expectedFailures unexpectedPasses maxUlp p99Ulp worst'.split(
          ' ',
        ),
      ),
    );
  });

  test('tells the extents of one activation apart', async () => {
    const { results } = await run(['relu', 'velu']);
    const extents = (name: string) => [
      ...new Set(results.filter(({ activation }) => activation === name).map((row) => row.extent)),
    ];
    expect(extents('relu')).toEqual([null]);
    expect(extents('velu').sort()).toEqual(['[-2,-1]', '[0]', 'channel', 'row', 'sample', 'tensor']);
    for (const { cases, passed, grade } of results) expect([passed, grade]).toEqual([cases, 'exact']);
  });

  test('passes only where something ran and nothing failed', () => {
    expect(conformanceReport([], 1).passed).toBe(false);
    expect(conformanceReport([], 1, { killed: 1, total: 1, survivors: [] }).passed).toBe(true);
  });

  test('as Markdown, nothing in a name becomes markup', async () => {
    const subject = await run(['relu']);
    const named = { ...subject, name: '<img src=x>|`' };
    const text = reportMarkdown(conformanceReport([named], 1));
    expect(text).toMatch(/^# Conformance: passed\n/);
    expect(text).toContain('| relu | forward | float32 | element | exact |');
    expect(text).not.toContain('<img');
  });
});

describe('parts of a run, put together', () => {
  test('are the run itself', async () => {
    const whole = await run(['relu', 'velu']);
    const merged = mergeSubjects([await run(['relu']), await run(['velu'])]);
    const { elapsedMs: _, casesHash: __, results, ...rest } = merged;
    const timeless = (rows: typeof results) => rows.map(({ elapsedMs, ...row }) => row);
    expect(timeless(results)).toEqual(timeless(whole.results));
    expect(whole).toMatchObject(rest);
    expect(merged.casesHash).not.toBe(whole.results);
  });

  test('an expected failure is stale only where it is so in all of them', async () => {
    const broken = createReferenceBackend();
    const inner = broken.compile;
    const wrong: typeof broken = {
      ...broken,
      compile: async (activation, spec) => {
        const compiled = await inner(activation, spec);
        return activation.name === 'tanh'
          ? {
              ...compiled,
              forward: async ({ x }) => ({ y: x.map((value) => Math.fround(Math.tanh(value) * 1.001)) as typeof x }),
            }
          : compiled;
      },
    };
    const expected = [{ id: '*/cancellation/forward/*', reason: 'a test', maxUlp: 1e6 }];
    const part = (activation: string) =>
      runConformance(wrong, {
        activations: [activation],
        groups: ['cancellation'],
        dtypes: ['float32'],
        quick: true,
        expected,
      });
    const [relu, tanh] = [await part('relu'), await part('tanh')];
    expect(relu.verdicts).toEqual(['1 expected failures passed']);
    expect(tanh.verdicts).toEqual([]);
    const merged = mergeSubjects([relu, tanh]);
    expect(merged.verdicts).toEqual([]);
    expect(merged.results.map(({ unexpectedPasses }) => unexpectedPasses)).toEqual([0, 0, 0, 0]);
    expect(relu.results.map(({ unexpectedPasses }) => unexpectedPasses)).toEqual([1, 0]);
  });
});

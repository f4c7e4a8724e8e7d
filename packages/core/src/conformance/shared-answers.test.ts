/** Backends that share answers are judged as each would be alone. */
import { describe, expect, test, vi } from 'vitest';
import { type ActivationBackend, createReferenceBackend } from '../index.ts';
import { createSharedAnswers, mutants, runConformance, type SharedAnswers, type SubjectReport } from './index.ts';
import * as evaluation from './oracle/evaluation.ts';

vi.mock('./oracle/evaluation.ts', { spy: true });

const reference = createReferenceBackend();
const named = (name: string): ActivationBackend => {
  const mutant = mutants.find((each) => each.name === name);
  if (!mutant) throw new Error(`a mutant must have the name ${name}`);
  return mutant.create();
};
const claiming = (supports: Partial<ActivationBackend['supports']>): ActivationBackend => ({
  ...reference,
  supports: { ...reference.supports, ...supports },
});

/** One after the other: what they claim differs, and so do the tolerances, and some are wrong. */
const backends: readonly ActivationBackend[] = [
  reference,
  claiming({ subnormals: 'any', sumDepth: (n) => 64 + Math.ceil(Math.log2(Math.max(n, 1))) }),
  named('the input is changed in place'),
  named('a running float32 sum'),
  claiming({ subnormals: 'any' }),
  reference,
];

const judged = ({ results, failures, casesHash }: SubjectReport) => ({
  casesHash,
  failures,
  results: results.map(({ elapsedMs: _, ...result }) => result),
});

describe.each(['swish', 'prelu', 'adaRelu'] as const)('%s', (activation) => {
  test('the same verdicts as alone', async () => {
    const answers = createSharedAnswers();
    const run = async (backend: ActivationBackend, shared?: SharedAnswers) =>
      judged(
        await runConformance(backend, {
          activations: [activation],
          dtypes: ['float32'],
          quick: true,
          claims: false,
          answers: shared,
        }),
      );
    for (const backend of backends) expect(await run(backend, answers)).toEqual(await run(backend));
  });
});

test('nothing is evaluated twice', async () => {
  const answers = createSharedAnswers();
  const options = { activations: ['velu'], dtypes: ['float32'], quick: true, claims: false, answers } as const;
  const evaluate = vi.mocked(evaluation.evaluateOver);
  const evaluations = async (backend: ActivationBackend): Promise<number> => {
    const before = evaluate.mock.calls.length;
    await runConformance(backend, options);
    return evaluate.mock.calls.length - before;
  };
  expect(await evaluations(reference)).toBeGreaterThan(100);
  expect(await evaluations(reference)).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { type GroupName, groupNames, type Mutant, mutants, runConformance } from './index.ts';

const run = ({ activation, full = false, create }: Mutant, groups: readonly GroupName[]) =>
  runConformance(create(), { activations: [activation], groups, dtypes: ['float32'], bail: true, quick: !full });

describe('every mutant is caught', () => {
  for (const mutant of mutants) {
    test(`${mutant.name}, by ${mutant.killedBy}`, async () => {
      const report = await run(mutant, [mutant.killedBy]);
      expect(report.totals.failed).toBeGreaterThan(0);
    });
  }

  test('their names differ', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});

// eleven groups each, to the last case
describe('without a group, a mutant would live', { timeout: 300_000 }, () => {
  const caughtByOneAlone: Readonly<Record<GroupName, string>> = {
    lattice: 'relu knows quiet NaNs alone',
    breakpoints: 'relu6 ends one ulp before 6',
    overflow: 'sigmoid overflows a hair too early',
    cancellation: 'tanh loses a step at powers of two',
    tails: 'erfc underflows half-way',
    sweep: 'softsign with a wrong row in its table',
    layout: 'the tail of a vector loop rounds otherwise',
    statistics: 'the deviation of a constant group has a NaN gradient',
    parameters: "a call's own parameters are ignored",
    gradients: 'an absent upstream gradient of the penalty counts as 1',
    laws: 'relu rounds by the parity of the exponent',
    integrity: 'one output buffer for all calls',
  };
  for (const group of groupNames) {
    const mutant = mutants.find(({ name }) => name === caughtByOneAlone[group]);
    test(`${group}: ${mutant?.name}`, async () => {
      if (!mutant) throw new Error('the mutant must exist');
      expect(mutant.killedBy).toBe(group);
      const others = groupNames.filter((name) => name !== group);
      expect((await run(mutant, others)).failures).toEqual([]);
    });
  }
});

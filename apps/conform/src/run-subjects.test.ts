/** Backends that take their process with them: reported as what they are, while the rest of the run goes on. */
import { fileURLToPath } from 'node:url';
import type { SubjectReport } from '@isoact/core/conformance';
import { describe, expect, test } from 'vitest';
import { emptyReport } from './empty-report.ts';
import { HostRunner } from './run-subjects.ts';
import { openChild } from './sessions/child.ts';
import { Unavailable } from './sessions/session.ts';

const entry = fileURLToPath(new URL('./testing/misbehaving-worker.ts', import.meta.url));
/** Backends that share processes, each a subject of its own. */
async function runTogether(ways: readonly string[], activations: readonly string[]): Promise<SubjectReport[]> {
  const reports: SubjectReport[] = [];
  const runner = new HostRunner({
    open: async () => openChild(entry),
    asked: new Map(
      ways.map((how) => [
        { subject: how, group: { name: how, host: 'node', builtins: null }, activation: null },
        activations,
      ]),
    ),
    options: { groups: ['lattice'], quick: true, huge: false, owed: 'B', seed: 1, timeLimit: 100 },
    onReport: (report) => reports.push(report),
    onUnavailable: (_, reason) => {
      throw new Unavailable(reason);
    },
  });
  await runner.work(() => {});
  return reports;
}

async function runMisbehaving(how: string, activations: readonly string[]): Promise<SubjectReport> {
  const reports = await runTogether([how], activations);
  expect(reports).toHaveLength(1);
  return reports[0] as SubjectReport;
}

describe('a backend', { timeout: 120_000 }, () => {
  test.each([
    ['aborts', /^the process ended by SIGABRT/],
    ['exits', /^the process ended with exit code 3/],
    ['loops', /^the process hung: it said nothing for 20 s/],
  ])('that %s fails in the case that it did it in, and is asked for the rest', async (how, reason) => {
    const { passed, results, failures, verdicts, totals } = await runMisbehaving(how, ['relu', 'tanh', 'sigmoid']);
    expect(passed).toBe(false);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.id).toBe('tanh/lattice/forward/zeros');
    expect(failures[0]?.faults[0]).toMatch(reason);
    expect(failures[0]?.faults[0]).toContain('the other cases of tanh were not run');
    expect(verdicts[0]).toMatch(new RegExp(`^tanh: ${reason.source.slice(1)}`));
    expect(totals.failed).toBe(1);
    const passing = results.map(({ activation, direction, grade }) => `${activation} ${direction} ${grade}`);
    expect(new Set(passing)).toEqual(
      new Set(['relu forward exact', 'relu vjp exact', 'sigmoid forward exact', 'sigmoid vjp exact']),
    );
  });

  test('that does nothing else is given up', async () => {
    const activations = ['relu', 'relu6', 'tanh', 'elu', 'selu', 'celu'];
    const { failures, results } = await runMisbehaving('always aborts', activations);
    expect(results).toEqual([]);
    expect(failures).toHaveLength(6);
    expect(failures.at(-1)?.faults).toEqual(["not run: the backend's process ended 4 times before"]);
  });

  test('takes no other along that shares its process', async () => {
    const reports = await runTogether(['behaves', 'aborts', 'exits', 'behaves'], ['relu', 'tanh', 'sigmoid']);
    const passed = reports.map((report) => [report.name, report.passed, report.results.length]);
    // every activation in two data types, in one of them in both directions; but for the activation that they end in
    expect(passed.sort()).toEqual([
      ['aborts', false, 6],
      ['behaves', true, 9],
      ['behaves', true, 9],
      ['exits', false, 6],
    ]);
  });

  test('that is not there is no failure of the run', async () => {
    await expect(runMisbehaving('nonesuch', ['relu'])).rejects.toThrow(new Unavailable('no such device as nonesuch'));
  });
});

test('a hand more is wanted while more activations wait than hands are at work', async () => {
  const options = {
    groups: undefined,
    quick: true,
    huge: false,
    owed: undefined,
    seed: undefined,
    timeLimit: undefined,
  };
  const subject = { subject: 'any', group: { name: 'any', host: 'node', builtins: null }, activation: null } as const;
  const reports: SubjectReport[] = [];
  const runner = new HostRunner({
    open: async () => ({
      run: async ({ activation }) => ({ ...emptyReport(activation, options), passed: true }),
      evaluate: async () => null,
      close: async () => {},
    }),
    asked: new Map([[subject, ['relu', 'tanh', 'elu']]]),
    options,
    onReport: (report) => reports.push(report),
    onUnavailable: () => {},
  });
  const wanted = [runner.wantsHand];
  const hands = [runner.work(() => {})];
  wanted.push(runner.wantsHand);
  hands.push(runner.work(() => {}));
  wanted.push(runner.wantsHand);
  expect(wanted).toEqual([true, true, false]);
  await Promise.all(hands);
  expect(reports).toHaveLength(1);
  expect(runner.missing(subject)).toEqual([]);
  runner.extend(subject, ['relu', 'tanh', 'elu', 'selu']);
  expect(runner.wantsHand).toBe(true);
  await runner.work(() => {});
  expect(runner.missing(subject)).toEqual([]);
});

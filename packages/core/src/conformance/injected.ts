/** The suite as tests of any runner that has `describe` and `test`: vitest, node:test, mocha. */
import type { ActivationBackend, Dtype } from '../adapter.ts';
import type { GroupName } from './case.ts';
import { groupNames } from './case.ts';
import { probeClaims } from './claims.ts';
import { type CompiledCache, createCompiledCache } from './compiled-cache.ts';
import { createExpectations, type Expectations, stale } from './expected-failures.ts';
import { directions, labelOf, makeCases } from './make-cases.ts';
import { type ProbeSettings, runCase } from './probe.ts';
import { createDigest } from './random.ts';
import { type ConformanceOptions, defaultSeed, owedBy, statusOf } from './run.ts';
import { testedActivations } from './subjects.ts';

type Body = () => Promise<void>;

export interface InjectedOptions extends Omit<ConformanceOptions, 'onProgress'> {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: Body) => unknown;
  /** Called once, by the first test that runs; a backend that cannot be had throws, and every test fails. */
  readonly createBackend: () => ActivationBackend | Promise<ActivationBackend>;
  /** Data types to test; those of `dtypes` that the backend does not claim fail. Default float32. */
  readonly dtypes?: readonly Dtype[] | undefined;
}

interface Started {
  readonly compiled: CompiledCache;
  readonly backend: ActivationBackend;
  readonly expectations: Expectations;
}

/**
 * Declares one test for each activation, direction and group of cases, and two for the backend as a whole.
 *
 * @example
 * ```ts
 * conformance({ describe, test, createBackend: createReferenceBackend, expected: [] });
 * ```
 */
export function conformance({ describe, test, createBackend, ...options }: InjectedOptions): void {
  const { quick = false, huge = false, seed = defaultSeed, owed = 'B', timeLimit = 20_000 } = options;
  let started: Promise<Started> | null = null;
  const start = (): Promise<Started> => {
    started ??= Promise.resolve(createBackend()).then((backend) => ({
      backend,
      compiled: createCompiledCache(backend),
      expectations: createExpectations(options.expected ?? [], backend),
    }));
    return started;
  };
  const tested = testedActivations(options.activations);
  const selected: readonly GroupName[] = options.groups ?? groupNames;

  describe('conformance', () => {
    test('every claim is kept', async () => {
      const { backend } = await start();
      const wrong = (await probeClaims(backend, tested, timeLimit)).filter(({ verdict }) => verdict.endsWith('-claim'));
      throwIfAny(
        wrong.map(
          ({ claim, claimed, observed, verdict }) => `${verdict} of ${claim}: claimed ${claimed}, observed ${observed}`,
        ),
      );
    });
    for (const dtype of options.dtypes ?? ['float32']) {
      for (const each of tested) {
        for (const direction of directions) {
          for (const group of selected) {
            const cases = [...makeCases(each, direction, dtype, { groups: [group], quick, huge, seed })];
            if (cases.length === 0) continue;
            test(`${labelOf(each.name, dtype)} ${direction} ${group}`, async () => {
              const { backend, compiled, expectations } = await start();
              if (direction === 'vjp' && !backend.supports.gradients) return; // that it refuses is a claim, tested above
              const settings: ProbeSettings = {
                backend,
                compiled,
                owed: { ...owedBy(backend, owed), finite: options.finite },
                dtype,
                seed,
                timeLimit,
                digest: createDigest(),
              };
              const problems: string[] = [];
              for (const entry of cases) {
                const result = await runCase(entry, settings);
                if (statusOf(result, expectations).status === 'failed')
                  problems.push(`${entry.id}: ${result.faults.join('; ')}`);
                if (result.timedOut) break;
              }
              throwIfAny(problems);
            });
          }
        }
      }
    }
    test('every expected failure still fails', async () => {
      const { backend, compiled, expectations } = await start();
      const passes = stale(expectations.uses()).map(({ id, reason }) => `${id} passed (expected to fail: ${reason})`);
      const faults = compiled.dispose();
      await backend.dispose();
      throwIfAny([...passes, ...faults]);
    });
  });
}

const shownProblems = 12;

function throwIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const rest = problems.length > shownProblems ? [`… and ${problems.length - shownProblems} more`] : [];
  throw new Error([...problems.slice(0, shownProblems), ...rest].join('\n'));
}

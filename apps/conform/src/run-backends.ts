/** The suite over the chosen backends, one after the other: devices are not shared between runs. */
import { type ConformanceReport, runConformance } from '@isoact/core/conformance';
import type { Arguments } from './arguments.ts';
import type { Candidate, LoadedBackend } from './backends.ts';
import type { ProgressLine } from './progress.ts';

interface Unavailable {
  readonly backend: string;
  readonly reason: string;
}

export interface Outcome {
  readonly reports: readonly ConformanceReport[];
  readonly unavailable: readonly Unavailable[];
}

export async function runBackends(
  chosen: readonly Candidate[],
  options: Arguments,
  progress: ProgressLine,
): Promise<Outcome> {
  const reports: ConformanceReport[] = [];
  const unavailable: Unavailable[] = [];
  for (const { name, load } of chosen) {
    progress.show(`${name}: loading`);
    let loaded: LoadedBackend;
    try {
      loaded = await load();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      unavailable.push({ backend: name, reason });
      progress.print(`${name}: unavailable (${reason.split('\n')[0]})`);
      continue;
    }
    const { backend, expected } = loaded;
    const report = await runConformance(backend, {
      ...options,
      expected,
      onProgress: ({ id, done, elapsedMs }) =>
        progress.show(`${name}: ${done} cases, ${(elapsedMs / 1000).toFixed(0)} s, ${id}`),
    });
    reports.push(report);
    progress.print(summary(report));
    await backend.dispose();
  }
  return { reports, unavailable };
}

function summary({ backend, passed, totals, elapsedMs, verdicts }: ConformanceReport): string {
  const { cases, values } = totals;
  const counts = `${cases} cases, ${values} values, ${(elapsedMs / 1000).toFixed(1)} s`;
  return `${backend}: ${passed ? 'passed' : `FAILED (${verdicts.join('; ')})`}, ${counts}`;
}

/** Who beats whom within one case, among candidates that may be ranked together. */
import type { Random } from './random.ts';
import type { ComparisonRow, Result } from './report.ts';
import { compare } from './verdict.ts';

/** Real GPUs, software GPUs and CPUs are ranked apart. */
export function rankClass({ device }: Pick<Result, 'device'>): string {
  return device.kind === 'gpu' && device.software ? 'software gpu' : device.kind;
}

/** Throughput of each result against the fastest of its class, and of each of ours against each peer. */
export function compareResults(results: readonly Result[], random: Random): ComparisonRow[] {
  const measured = results.filter((result) => result.throughput !== null);
  const rows: ComparisonRow[] = [];
  for (const result of measured) {
    const rivals = measured.filter((other) => other !== result && rankClass(other) === rankClass(result));
    const fastest = rivals.reduce<Result | undefined>(
      (best, rival) => (time(rival) < time(best) ? rival : best),
      undefined,
    );
    for (const rival of rivals) {
      const oursAgainstPeer = result.kind === 'ours' && rival.kind === 'peer';
      if (rival === fastest || oursAgainstPeer) rows.push(row(result, rival, random));
    }
  }
  return rows;
}

const time = (result: Result | undefined): number => result?.throughput?.callMs.median ?? Number.POSITIVE_INFINITY;

const row = (own: Result, other: Result, random: Random): ComparisonRow => ({
  activation: own.activation,
  direction: own.direction,
  shape: own.shape,
  dtype: own.dtype,
  subject: own.subject,
  against: other.subject,
  lane: 'throughput',
  ...compare(samplesOf(own), samplesOf(other), random),
});

const samplesOf = (result: Result): readonly number[] => result.throughput?.callMs.samples ?? [];

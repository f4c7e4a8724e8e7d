/**
 * Results of one machine from several programs, such as PyTorch's beside ours. Their candidates did not take turns, so
 * times of two runs are only compared after each is divided by its own run's copy of the same elements.
 */
import { rankClass } from './comparisons.ts';
import { inCopies } from './copies.ts';
import type { Random } from './random.ts';
import type { ComparisonRow, Machine, Report, Result } from './report.ts';
import { compare } from './verdict.ts';

/** @throws RangeError where the reports are not of one machine, or have a row in common. */
export function mergeReports(reports: readonly Report[], random: Random): Report {
  const [first, ...others] = reports;
  if (!first || others.length === 0) {
    throw new RangeError(`At least two results must be merged (was ${reports.length}).`);
  }
  if (reports.some(({ results }) => results.some(({ run }) => run !== undefined))) {
    throw new RangeError('Results must be merged once (one is merged already). Merge the runs that it was made of.');
  }
  for (const other of others) checkSameMachine(first.machine, other.machine);
  checkNoCommonRow(reports);
  return {
    ...first,
    createdAt:
      reports
        .map(({ createdAt }) => createdAt)
        .sort()
        .at(-1) ?? first.createdAt,
    command: reports.map(({ command }) => command).join(' + '),
    effort: reports.some(({ effort }) => effort === 'quick') ? 'quick' : 'full',
    complete: reports.every(({ complete }) => complete),
    elapsedMs: reports.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
    machine: {
      ...first.machine,
      runtime: unique(reports.map(({ machine }) => machine.runtime)).join(' + '),
      versions: Object.assign({}, ...reports.map(({ machine }) => machine.versions)),
    },
    missing: reports.flatMap(({ missing }) => missing),
    roofs: reports.flatMap(({ roofs }, run) => roofs.map((roof) => ({ ...roof, run }))),
    arithmetic: reports.flatMap(({ arithmetic }) => arithmetic),
    results: reports.flatMap(({ results }, run) => results.map((row) => ({ ...row, run }))),
    comparisons: [...reports.flatMap(({ comparisons }) => comparisons), ...acrossRuns(reports, random)],
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** What all programs of a machine say alike; they spell architectures and count memory differently. */
function checkSameMachine(a: Machine, b: Machine): void {
  const identity = ({ cpu, cores, system }: Machine) => [cpu, `${cores} cores`, ...system.split(' ').slice(0, 2)];
  const [own, other] = [identity(a).join(', '), identity(b).join(', ')];
  if (own !== other) {
    throw new RangeError(`Merged results must be of one machine (were of ${own} and of ${other}).`);
  }
}

function checkNoCommonRow(reports: readonly Report[]): void {
  const seen = new Set<string>();
  for (const row of reports.flatMap(({ results }) => unique(results.map(keyOf)))) {
    if (seen.has(row)) throw new RangeError(`Merged results must have no row in common (have ${row}).`);
    seen.add(row);
  }
}

const keyOf = ({ subject, device, ...row }: Result): string => `${subject} on ${device.description}, ${caseOf(row)}`;
const caseOf = ({ activation, direction, shape, dtype }: Omit<Result, 'subject' | 'device'>): string =>
  [activation, direction, shape.join('×'), dtype].join(' ');

/** Each of ours against each peer of another run, on the same device. */
function acrossRuns(reports: readonly Report[], random: Random): ComparisonRow[] {
  const ofKind = (report: Report, kind: Result['kind']) => report.results.filter((row) => row.kind === kind);
  return reports.flatMap((report) =>
    reports
      .filter((other) => other !== report)
      .flatMap((other) =>
        ofKind(report, 'ours').flatMap((own) =>
          ofKind(other, 'peer').flatMap((peer) => {
            if (caseOf(own) !== caseOf(peer) || rankClass(own) !== rankClass(peer)) return [];
            const [mine, theirs] = [inCopies(own, report), inCopies(peer, other)];
            if (!mine || !theirs) return [];
            const { activation, direction, shape, dtype, subject } = own;
            const comparison = compare(mine, theirs, random);
            return [
              {
                activation,
                direction,
                shape,
                dtype,
                subject,
                against: peer.subject,
                lane: 'copies' as const,
                ...comparison,
              },
            ];
          }),
        ),
      ),
  );
}

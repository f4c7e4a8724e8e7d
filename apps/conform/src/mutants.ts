/** The suite turned on itself: every mutant must be caught, and no group of cases may be dispensable. */
import { groupNames, killMatrix, type MutantsReport } from '@isoact/core/conformance';
import type { ProgressLine } from './progress.ts';

export interface MutantsOutcome {
  readonly report: MutantsReport;
  readonly markdown: string;
  /** Whether without any one group, some mutant would live. */
  readonly everyGroupIsNeeded: boolean;
}

export async function checkMutants(progress: ProgressLine): Promise<MutantsOutcome> {
  const { kills, missed, caughtOnlyBy } = await killMatrix(({ name }, done, total) =>
    progress.show(`${done} of ${total} mutants: ${name}`),
  );
  const rows = kills.map(
    ({ mutant, groups }) => `| ${mutant.name} | ${mutant.killedBy} | ${groups.join(', ') || 'none'} |`,
  );
  const needed = groupNames.map((group) => {
    const alone = caughtOnlyBy[group].map(({ name }) => name).join('; ');
    return `| ${group} | ${alone || 'none: the group is not shown to be needed'} |`;
  });
  const idle = groupNames.filter((group) => caughtOnlyBy[group].length === 0);
  const markdown = [
    '| mutant | must be caught by | is caught by |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '| without the group | these would live |',
    '| --- | --- |',
    ...needed,
    '',
    `${kills.length - missed.length} of ${kills.length} mutants are caught where they must be; ${groupNames.length - idle.length} of ${groupNames.length} groups are needed.`,
    '',
  ].join('\n');
  return {
    report: {
      killed: kills.length - missed.length,
      total: kills.length,
      survivors: missed.map(({ name }) => name),
    },
    markdown,
    everyGroupIsNeeded: idle.length === 0,
  };
}

/** Which groups of cases catch which mutants, and what would live if a group were taken away. */
import { type GroupName, groupNames } from '../case.ts';
import { runConformance } from '../run.ts';
import { createSharedAnswers, type SharedAnswers } from '../shared-answers.ts';
import { type Mutant, mutants } from './index.ts';

export interface Kills {
  readonly mutant: Mutant;
  readonly groups: readonly GroupName[];
}

export interface KillMatrix {
  readonly kills: readonly Kills[];
  /** Mutants that no group catches, or not the one that should. */
  readonly missed: readonly Mutant[];
  /** The mutants that each group alone catches. */
  readonly caughtOnlyBy: Readonly<Record<GroupName, readonly Mutant[]>>;
}

export async function killMatrix(
  onProgress?: (mutant: Mutant, done: number, total: number) => void,
): Promise<KillMatrix> {
  const kills: Kills[] = [];
  // all mutants of an activation are asked the same
  const answers = new Map<string, SharedAnswers>();
  const catches = async (group: GroupName, { activation, full = false, create }: Mutant): Promise<boolean> => {
    const shared = answers.get(activation) ?? createSharedAnswers();
    answers.set(activation, shared);
    const options = {
      activations: [activation],
      groups: [group],
      dtypes: ['float32'],
      quick: !full,
      bail: true,
      answers: shared,
    } as const;
    return (await runConformance(create(), options)).totals.failed > 0;
  };
  for (const mutant of mutants) {
    onProgress?.(mutant, kills.length, mutants.length);
    const groups: GroupName[] = [];
    for (const group of groupNames) if (await catches(group, mutant)) groups.push(group);
    kills.push({ mutant, groups });
  }
  const only = (group: GroupName): Mutant[] =>
    kills.filter(({ groups }) => groups.length === 1 && groups[0] === group).map(({ mutant }) => mutant);
  return {
    kills,
    missed: kills.filter(({ mutant, groups }) => !groups.includes(mutant.killedBy)).map(({ mutant }) => mutant),
    caughtOnlyBy: Object.fromEntries(groupNames.map((group) => [group, only(group)])) as Record<GroupName, Mutant[]>,
  };
}

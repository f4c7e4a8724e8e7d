/** Every case of a run, in the order in which they run. */
import type { Dtype } from '../adapter.ts';
import { type Case, type CaseContext, type GroupName, groupNames } from './case.ts';
import { groups } from './cases/index.ts';
import { asksDirection } from './cases/turns.ts';
import { formats } from './formats.ts';
import type { Direction } from './oracle/oracle.ts';
import type { TestedActivation } from './subjects.ts';

export interface CaseSelection {
  readonly groups?: readonly GroupName[] | undefined;
  readonly quick: boolean;
  readonly huge: boolean;
  readonly seed: number;
}

export const directions: readonly Direction[] = ['forward', 'vjp'];

/** What the cases of an activation are called by; float32 goes without saying. */
export const labelOf = (name: string, dtype: Dtype): string => (dtype === 'float32' ? name : `${name}@${dtype}`);

/** The cases of one activation in one direction. */
export function* makeCases(
  tested: TestedActivation,
  direction: Direction,
  dtype: Dtype,
  selection: CaseSelection,
): Iterable<Case> {
  const { name, activation, variants } = tested;
  const context: CaseContext = { ...selection, name, activation, variants, direction, format: formats[dtype] };
  if (!asksDirection(context)) return;
  for (const group of selection.groups ?? groupNames) {
    for (const { name: part, run } of groups[group](context)) {
      yield { id: `${labelOf(name, dtype)}/${group}/${direction}/${part}`, activation: name, group, direction, run };
    }
  }
}

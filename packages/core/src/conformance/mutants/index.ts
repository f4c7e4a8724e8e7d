/** Every mutant. */
import type { Mutant } from './mutant.ts';
import { pointwiseMutants } from './pointwise.ts';

export type { Mutant } from './mutant.ts';
export const mutants: readonly Mutant[] = [...pointwiseMutants];

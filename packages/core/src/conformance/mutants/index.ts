/** Every mutant. */
import { memoryMutants } from './memory.ts';
import type { Mutant } from './mutant.ts';
import { narrowMutants } from './narrow.ts';
import { pointwiseMutants } from './pointwise.ts';
import { statisticMutants } from './statistics.ts';

export type { Mutant } from './mutant.ts';
export const mutants: readonly Mutant[] = [
  ...pointwiseMutants,
  ...statisticMutants,
  ...memoryMutants,
  ...narrowMutants,
];

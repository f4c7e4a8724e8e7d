/** How large the cases of a run are: each question at one size, then at others for the plot over size. */
import type { Effort } from '../core/budget.ts';

export interface Sizes {
  /** Elements of the cases that are always measured. */
  readonly main: readonly number[];
  /** Elements of the cases that are measured while there is time. */
  readonly sweep: readonly number[];
}

/** A software GPU and the tfjs cpu backend must end in time; a real GPU is only busy beyond its cache. */
export function sizesFor(effort: Effort, hardwareGpu: boolean): Sizes {
  if (effort.name === 'quick') return { main: [hardwareGpu ? 2 ** 17 : 2 ** 12], sweep: [] };
  return hardwareGpu
    ? { main: [2 ** 22], sweep: [2 ** 12, 2 ** 16, 2 ** 19, 2 ** 25] }
    : { main: [2 ** 17], sweep: [2 ** 15, 2 ** 12, 2 ** 10] };
}

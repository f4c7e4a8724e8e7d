/** What the kernels of a pass are made from, and what they leave. */
import type { Gather, Pass, Plan, ScalarOutput } from '@isoact/core';
import type { Library } from '../shader/functions.ts';
import type { Form } from './form.ts';
import type { Kernel } from './kernel.ts';
import type { Gathered, Pack } from './leaves.ts';
import type { Range } from './range.ts';
import type { Memory } from './storage.ts';

/** What a pass leaves in the scratch buffer of a gather: `partials` values for each group. */
export interface Partial {
  readonly gather: Gather;
  readonly at: number;
  readonly partials: number;
}

export interface PassRequest {
  readonly plan: Plan;
  readonly pass: Pass;
  readonly form: Form;
  readonly library: Library;
  readonly storage: Memory;
  /** The parts of the tensor, all of it unless one binding cannot hold it. */
  readonly ranges: readonly Range[];
  /** Statistics of earlier passes. */
  readonly gathered: readonly Gathered[];
  readonly pack: Pack | undefined;
  /** Sets aside room for the values of a gather; gives its first word. */
  readonly allocate: (gather: Gather, values: number) => number;
  /** Numbers of the whole tensor that can be written beside: their statistics were gathered before. */
  readonly scalars: readonly ScalarOutput[];
  readonly label: string;
}

/** A pass as kernels: one, and sometimes one more for a few elements at the end. */
export interface EmittedPass {
  readonly kernels: readonly Kernel[];
  readonly partials: readonly Partial[];
}

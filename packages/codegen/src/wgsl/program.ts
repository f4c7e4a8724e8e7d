/** A plan as kernels to be run one after another, and the scratch memory that they share. */
import type { Plan } from '@isoact/core';
import { float32Library } from '@isoact/core/numerics';
import type { Library } from '../shader/functions.ts';
import { type AccumulatorType, accumulatorType, wordsOf } from './accumulator.ts';
import { combinedAtOnce, emitCombine, type Run } from './combine.ts';
import { chooseForm, type Device } from './form.ts';
import type { Kernel } from './kernel.ts';
import type { Gathered } from './leaves.ts';
import { emitPass, type Partial } from './pass.ts';
import { emitScalar } from './scalar.ts';

export interface Program {
  readonly plan: Plan;
  /** In the order in which they must run. */
  readonly kernels: readonly Kernel[];
  /** 4-byte words of the scratch buffer. */
  readonly scratchWords: number;
}

/** Generates the kernels of a plan. @throws TypeError for a plan that is not one. */
export function generateProgram(plan: Plan, device: Device, library: Library = float32Library): Program {
  const kernels: Kernel[] = [];
  const gathered: Gathered[] = [];
  let scratchWords = 0;
  const allocate = (type: AccumulatorType, values: number): number => {
    const at = scratchWords;
    scratchWords += values * wordsOf[type];
    return at;
  };

  plan.passes.forEach((pass, index) => {
    const { kernel, partials } = emitPass({
      plan,
      pass,
      form: chooseForm(pass, device),
      library,
      gathered,
      allocate: (gather, values) => allocate(accumulatorType(gather), values),
      label: `${plan.direction}: pass ${index + 1} of ${plan.passes.length}`,
    });
    kernels.push(kernel);
    gathered.push(...combine(partials));
  });
  for (const scalar of plan.scalars) kernels.push(emitScalar(plan, scalar, gathered, library));
  return { plan, kernels, scratchWords };

  /** Combines what a pass left; neighbours of one kind go together. */
  function combine(partials: readonly Partial[]): Gathered[] {
    const found: Gathered[] = [];
    for (const members of runsOf(partials)) {
      const { gather, at, partials: count } = members[0] as Partial;
      const type = accumulatorType(gather);
      const { groups } = gather.grouping;
      let run: Run = { type, at, groups: groups * members.length, partials: count };
      while (run.partials > 1) {
        const chunks = Math.ceil(run.partials / combinedAtOnce(device));
        const target = allocate(type, run.groups * chunks);
        kernels.push(emitCombine(run, target, device));
        run = { ...run, at: target, partials: chunks };
      }
      for (const [m, member] of members.entries()) {
        found.push({ gather: member.gather, at: run.at + m * groups * wordsOf[type] });
      }
    }
    return found;
  }
}

/** Partials of one kind and extent that lie one after another. */
function runsOf(partials: readonly Partial[]): Partial[][] {
  const runs: Partial[][] = [];
  for (const partial of partials) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    const follows =
      before &&
      before.partials === partial.partials &&
      before.gather.kind === partial.gather.kind &&
      before.gather.grouping.groups === partial.gather.grouping.groups &&
      before.at + before.partials * before.gather.grouping.groups * wordsOf[accumulatorType(before.gather)] ===
        partial.at;
    if (last && follows) last.push(partial);
    else runs.push([partial]);
  }
  return runs;
}

/** A pass with statistics as one kernel: local ones level by level, then gathers and outputs in one loop. */
import type { Pass } from '@isoact/core';
import { createScope, rates } from '../shader/emitter.ts';
import { wordsOf } from './accumulator.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { lanesOf, type Summing } from './form.ts';
import { placeInParts } from './indexing.ts';
import { indent, type Kernel } from './kernel.ts';
import { contextOf, createLeaves } from './leaves.ts';
import { type Part, reduceParts } from './loops.ts';
import type { Partial, PassRequest } from './pass-request.ts';
import { inRange, type Range, tensorIndex } from './range.ts';
import { storeScalars } from './scalar.ts';
import { loadElement } from './storage.ts';
import { createTraversal, type Traversal } from './traversal.ts';
import { countUnits, describeUnit, type Unit, workgroupNumber } from './unit.ts';

/** Whether the lanes of a workgroup add up their parts, whichever groups they hold. */
export const isPerWorkgroup = (pass: Pass, form: Summing): boolean => form.kind === 'cooperative' && !pass.byGroup;

/** The kernel of one range; its partials lie from `start` on among those of all ranges. */
export function emitSumming(
  request: PassRequest,
  form: Summing,
  range: Range,
  partials: readonly Partial[],
  start: number,
): Kernel {
  const { plan, pass, library, storage, gathered, pack, label } = request;
  const builder = createKernelBuilder(lanesOf(form), library);
  const unit = describeUnit(pass, form, range, builder);
  const main = [...unit.lines];
  // kernel and unit values are both named at the top of main
  const unitScope = createScope(rates.unit, createScope(rates.kernel, undefined, main), main);
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    pack,
    unitGrouping: unit.grouping,
    index: tensorIndex(range, builder),
    element: (input, scope) => {
      const index = input.name === 'upstream' ? placeInParts('index', input.part, plan.placement, builder) : 'index';
      return loadElement(storage, input, index, scope, builder);
    },
    kept: (node) => traversal.kept(node),
  });
  const context = contextOf(builder, leaves);
  const traversal: Traversal = createTraversal({
    pass,
    placement: plan.placement,
    form,
    index: unit.index,
    builder,
    storage,
    unitScope,
    context: () => context,
  });

  for (const level of pass.local?.levels ?? []) {
    const parts = traversal.run(level, []);
    const names = sharedByUnit(parts, form, main, builder);
    for (const [g, gather] of level.entries()) leaves.hold(gather, unitScope, names[g] as string);
  }
  main.push(
    ...storeScalars(pass, form.kind === 'serial' ? null : 'member == 0u && count > 0u', unitScope, context, builder),
  );
  const writes = pass.gathers.length + pass.outputs.length > 0;
  const parts = writes ? traversal.run(pass.gathers, pass.outputs) : [];
  const { workgroups } = countUnits(pass, form, range);
  if (parts.length > 0) writePartials(pass, form, unit, workgroups, parts, partials, start, main, builder);
  return inRange(builder.build(label, workgroups, main), range);
}

/** Adds up the parts of a unit's members and gives every member the whole. */
function sharedByUnit(parts: readonly Part[], form: Summing, main: string[], builder: KernelBuilder): string[] {
  if (form.kind === 'serial' || form.lanes === 1) return parts.map(({ name }) => name);
  const { lines, slots } = reduceParts(parts, form.lanes, 1, 'member', builder);
  main.push(...lines);
  return parts.map(({ name }, p) => {
    const whole = builder.names.unique(`whole_${name}`);
    main.push(`let ${whole} = ${slots[p]}[lane - member];`);
    return whole;
  });
}

/** Writes one partial for each unit, or for each workgroup where units are not groups of the gather. */
function writePartials(
  pass: Pass,
  form: Summing,
  unit: Unit,
  workgroups: number,
  parts: readonly Part[],
  partials: readonly Partial[],
  start: number,
  main: string[],
  builder: KernelBuilder,
): void {
  const perWorkgroup = isPerWorkgroup(pass, form);
  let names = parts.map(({ name }) => name);
  if (form.kind === 'cooperative') {
    const width = perWorkgroup ? lanesOf(form) : form.lanes;
    if (width > 1) {
      const reduction = reduceParts(parts, width, unit.stride, perWorkgroup ? 'lane' : 'member', builder);
      main.push(...reduction.lines);
      names = reduction.slots.map((slot) => `${slot}[lane]`);
    }
  }
  const stores = parts.map(({ type }, p) => {
    const { gather, at } = partials[p] as Partial;
    const words = wordsOf[type];
    const from = builder.size(`${gather.kind}${p === 0 ? '' : p + 1}_partials_at`, at + start * words);
    return builder.store(type, `${from} + ${words === 1 ? 'place' : `place * ${words}u`}`, names[p] as string);
  });
  const place = (): string => {
    if (perWorkgroup) return workgroupNumber;
    return pass.byGroup ? `group * ${builder.size('group_partials', partials[0]?.partials ?? 1)} + chunk` : 'unit';
  };
  main.push(`let place = ${place()};`);
  if (form.kind === 'serial') main.push(...stores);
  else {
    const writes = perWorkgroup
      ? `lane == 0u && place < ${builder.size('partials', workgroups)}`
      : 'member == 0u && count > 0u';
    main.push(`if (${writes}) {`, ...indent(stores), '}');
  }
}

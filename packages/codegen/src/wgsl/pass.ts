/** A pass over memory as one kernel: local statistics level by level, then gathers and outputs in one loop. */
import type { Gather, Pass, Plan } from '@isoact/core';
import { createScope, type EmitContext, emit, rates, type Scope } from '../shader/emitter.ts';
import type { Library } from '../shader/functions.ts';
import { wordsOf } from './accumulator.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { type Form, lanesOf, type Summing } from './form.ts';
import { indent, type Kernel } from './kernel.ts';
import { contextOf, createLeaves, type Gathered } from './leaves.ts';
import { type Part, reduceParts } from './loops.ts';
import { emitMap } from './map.ts';
import { loadElement, type Storage } from './storage.ts';
import { createTraversal, type Traversal } from './traversal.ts';
import { describeUnit, type Unit, workgroupNumber } from './unit.ts';

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
  readonly storage: Storage;
  /** Statistics of earlier passes. */
  readonly gathered: readonly Gathered[];
  /** Sets aside room for the values of a gather; gives its first word. */
  readonly allocate: (gather: Gather, values: number) => number;
  readonly label: string;
}

/** A pass as kernels: one, and sometimes one more for a few elements at the end. */
export interface EmittedPass {
  readonly kernels: readonly Kernel[];
  readonly partials: readonly Partial[];
}

export function emitPass(request: PassRequest): EmittedPass {
  const { form } = request;
  return form.kind === 'map' ? { kernels: emitMap(request), partials: [] } : emitSumming(request, form);
}

function emitSumming(request: PassRequest, form: Summing): EmittedPass {
  const { plan, pass, library, storage, gathered, label } = request;
  const builder = createKernelBuilder(lanesOf(form), library);
  const unit = describeUnit(pass, form, builder);
  const main = [...unit.lines];
  // kernel and unit values are both named at the top of main
  const unitScope = createScope(rates.unit, createScope(rates.kernel, undefined, main), main);
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    unitGrouping: unit.grouping,
    index: 'index',
    element: (name, scope) => loadElement(storage, name, scope, builder),
    kept: (node) => traversal.kept(node),
  });
  const context = contextOf(builder, leaves);
  const traversal: Traversal = createTraversal({
    pass,
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
  main.push(...scalarLines(pass, form, unitScope, context, builder));
  const writes = pass.gathers.length + pass.outputs.length > 0;
  const parts = writes ? traversal.run(pass.gathers, pass.outputs) : [];
  const partials = parts.length > 0 ? writePartials(request, form, unit, parts, main, builder) : [];
  return { kernels: [builder.build(label, unit.workgroups, main)], partials };
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

/** Numbers that each group has of its own. */
function scalarLines(pass: Pass, form: Summing, scope: Scope, context: EmitContext, builder: KernelBuilder): string[] {
  if (pass.scalars.length === 0) return [];
  const terms = emit(
    pass.scalars.map(({ expression }) => expression),
    scope,
    context,
  );
  const stores = pass.scalars.map(
    ({ name }, s) => `${builder.buffer({ kind: 'scalar', name, access: 'write' })}[group] = ${terms[s]?.text};`,
  );
  return form.kind === 'serial' ? stores : ['if (member == 0u && count > 0u) {', ...indent(stores), '}'];
}

/** Writes one partial for each unit, or for each workgroup where units are not groups of the gather. */
function writePartials(
  { pass, allocate }: PassRequest,
  form: Summing,
  unit: Unit,
  parts: readonly Part[],
  main: string[],
  builder: KernelBuilder,
): Partial[] {
  const perWorkgroup = form.kind === 'cooperative' && !pass.byGroup;
  const count = perWorkgroup ? unit.workgroups : pass.byGroup ? unit.chunks : unit.units;
  let names = parts.map(({ name }) => name);
  if (form.kind === 'cooperative') {
    const width = perWorkgroup ? lanesOf(form) : form.lanes;
    if (width > 1) {
      const reduction = reduceParts(parts, width, unit.stride, perWorkgroup ? 'lane' : 'member', builder);
      main.push(...reduction.lines);
      names = reduction.slots.map((slot) => `${slot}[lane]`);
    }
  }
  const partials = pass.gathers.map((gather) => ({
    gather,
    at: allocate(gather, gather.grouping.groups * count),
    partials: count,
  }));
  const stores = parts.map(({ type }, p) => {
    const { gather, at } = partials[p] as Partial;
    const start = builder.size(`${gather.kind}${p === 0 ? '' : p + 1}_partials_at`, at);
    return builder.store(
      type,
      `${start} + ${wordsOf[type] === 1 ? 'place' : `place * ${wordsOf[type]}u`}`,
      names[p] as string,
    );
  });
  const place = (): string => {
    if (perWorkgroup) return workgroupNumber;
    return pass.byGroup ? `group * ${builder.size('chunks', unit.chunks)} + chunk` : 'unit';
  };
  main.push(`let place = ${place()};`);
  if (form.kind === 'serial') main.push(...stores);
  else {
    const writes = perWorkgroup
      ? `lane == 0u && place < ${builder.size('partials', count)}`
      : 'member == 0u && count > 0u';
    main.push(`if (${writes}) {`, ...indent(stores), '}');
  }
  return partials;
}

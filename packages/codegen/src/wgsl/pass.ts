/** A pass over memory as one kernel: local statistics level by level, then gathers and outputs in one loop. */
import type { Gather, Output, Pass, Plan } from '@isoact/core';
import { type Term, within } from '../shader/dialect.ts';
import { createScope, type EmitContext, emit, rates, type Scope } from '../shader/emitter.ts';
import type { Library } from '../shader/functions.ts';
import { accumulatorType } from './accumulator.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { wgslDialect } from './dialect.ts';
import { type Form, isInterleaved } from './form.ts';
import { elementOffset, groupStart } from './indexing.ts';
import { indent, type Kernel } from './kernel.ts';
import { createLeaves, type Gathered, type Leaves } from './leaves.ts';
import { lanesOf, loop, type Part, reduceParts, type Summing, summand, unitLines, workgroupsOf } from './loops.ts';
import { keepNaN } from './nan.ts';

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
  /** Statistics of earlier passes. */
  readonly gathered: readonly Gathered[];
  /** Sets aside room for the values of a gather; gives its first word. */
  readonly allocate: (gather: Gather, values: number) => number;
  readonly label: string;
}

export function emitPass(request: PassRequest): { kernel: Kernel; partials: readonly Partial[] } {
  const { form } = request;
  return form.kind === 'map' ? { kernel: emitMap(request), partials: [] } : emitSumming(request, form);
}

/** One element per invocation. */
function emitMap({ plan, pass, form, library, gathered, label }: PassRequest): Kernel {
  const builder = createKernelBuilder(lanesOf(form), library);
  const scope = createScope(rates.kernel);
  scope.lines.push(
    `let index = (workgroup.x + workgroup.y * workgroups.x) * ${lanesOf(form)}u + lane;`,
    `if (index >= ${builder.size('elements', plan.length)}) { return; }`,
  );
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    unitSpanned: null,
    index: 'index',
    loadInput: (buffer) => `${buffer}[index]`,
  });
  const element = createScope(rates.element, scope, scope.lines);
  const terms = emit(
    pass.outputs.map(({ expression }) => keepNaN(expression)),
    element,
    contextOf(builder, leaves),
  );
  return builder.build(label, workgroupsOf(form, plan.length), [
    ...scope.lines,
    ...storeOutputs(pass.outputs, terms, builder),
  ]);
}

const contextOf = (builder: KernelBuilder, leaves: Leaves): EmitContext => ({
  dialect: wgslDialect,
  names: builder.names,
  useHelper: builder.useHelper,
  useFunction: builder.useFunction,
  ...leaves.context,
});

const storeOutputs = (outputs: readonly Output[], terms: readonly Term[], builder: KernelBuilder): string[] =>
  outputs.map(
    ({ name }, o) => `${builder.buffer({ kind: 'output', name, access: 'write' })}[index] = ${terms[o]?.text};`,
  );

/** The term as a name, so that statements can repeat it. */
function named({ text, binding }: Term, scope: Scope, builder: KernelBuilder): string {
  if (binding === 0 && !text.includes('(')) return text;
  const name = builder.names.unique('element');
  scope.lines.push(wgslDialect.declare(name, 'number', text));
  return name;
}

function emitSumming(request: PassRequest, form: Summing): { kernel: Kernel; partials: readonly Partial[] } {
  const { plan, pass, library, gathered, allocate, label } = request;
  const grouping = pass.local?.grouping ?? pass.gathers[0]?.grouping;
  const spanned = pass.local
    ? (pass.local.levels[0]?.[0]?.spanned ?? null)
    : pass.byGroup
      ? (pass.gathers[0]?.spanned ?? null)
      : null;
  if (!grouping) throw new TypeError('a pass that sums must have a group');
  const builder = createKernelBuilder(lanesOf(form), library);
  const chunks = pass.local ? 1 : Math.ceil(grouping.size / form.unitSize);
  const units = grouping.groups * chunks;
  const isStrided = pass.byGroup;
  const interleaved = isStrided && isInterleaved(grouping);
  const workgroups = workgroupsOf(form, units);

  const main = unitLines(form, interleaved, builder.size('units', units));
  const firstUnit = form.kind === 'serial' ? '' : `unit < ${builder.size('units', units)}`;
  const countOf = (text: string): string =>
    form.kind === 'serial' ? `let count = ${text};` : `let count = select(0u, ${text}, ${firstUnit});`;
  const whole = builder.size(pass.local ? 'group_elements' : isStrided ? 'group_elements' : 'elements', grouping.size);
  if (pass.local) {
    main.push('let group = unit;', `let first = group * ${whole};`, countOf(whole));
  } else if (isStrided) {
    main.push(
      `let group = unit % ${builder.size('groups', grouping.groups)};`,
      `let chunk = unit / ${builder.size('groups', grouping.groups)};`,
      `let first = chunk * ${form.unitSize}u;`,
      `let origin = ${groupStart('group', grouping, 'groups', builder)};`,
      countOf(`min(${form.unitSize}u, ${whole} - first)`),
    );
  } else {
    main.push(`let first = unit * ${form.unitSize}u;`, countOf(`min(${form.unitSize}u, ${whole} - first)`));
  }
  const index = isStrided ? `origin + ${elementOffset('(first + k)', grouping, 'groups', builder)}` : 'first + k';

  // kernel and unit values are both named at the top of main
  const unitScope = createScope(rates.unit, createScope(rates.kernel, undefined, main), main);

  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    unitSpanned: spanned,
    index: 'index',
    loadInput: (buffer) => `${buffer}[index]`,
  });
  const context = contextOf(builder, leaves);

  /** The loops that take some gathers and write some outputs; gives the invocation's part of each gather. */
  const traverse = (gathers: readonly Gather[], outputs: readonly Output[]): Part[] => {
    const scope = createScope(rates.element, unitScope);
    scope.lines.push(`let index = ${index};`);
    const roots = [...gathers.map(({ operand }) => operand), ...outputs.map(({ expression }) => keepNaN(expression))];
    const terms = emit(roots, scope, context);
    const parts = gathers.map(
      (gather): Part => ({ type: accumulatorType(gather), name: builder.names.unique(gather.kind) }),
    );
    const sums: string[] = [];
    const before: string[] = [];
    const after: string[] = [];
    const body: string[] = [];
    const moments: { part: Part; gather: Gather; variable: (name: string) => string }[] = [];
    parts.forEach((part, g) => {
      const text = terms[g]?.text ?? '';
      if (part.type === 'f32') {
        sums.push(part.name);
        body.push(`${summand(form, part.name)} += ${text};`);
      } else if (part.type === 'u32') {
        before.push(`var ${part.name} = 0u;`);
        body.push(`${part.name} += u32(${text});`);
      } else {
        builder.useMoments('pivot');
        const element = named(terms[g] as Term, scope, builder);
        const variable = (name: string): string => `${part.name}_${name}`;
        moments.push({ part, gather: gathers[g] as Gather, variable });
        sums.push(variable('offset'));
        before.push(`var ${variable('n')} = 0u;`, `var ${variable('pivot')} = 0.0;`, `var ${variable('peak')} = 0u;`);
        body.push(
          `if (${variable('n')} == 0u) { ${variable('pivot')} = pivotOf(${element}); }`,
          `${variable('n')}++;`,
          `${variable('peak')} = max(${variable('peak')}, bitcast<u32>(${element}) & 0x7fffffffu);`,
          `${summand(form, variable('offset'))} += ${element} - ${variable('pivot')};`,
        );
        after.push(`${variable('offset')} /= f32(max(${variable('n')}, 1u));`);
      }
    });
    const stores = storeOutputs(outputs, terms.slice(gathers.length), builder);
    main.push(...before, ...loop(form, sums, [...scope.lines, ...body, ...stores]), ...after);
    if (moments.length > 0) {
      const again = createScope(rates.element, unitScope);
      again.lines.push(`let index = ${index};`);
      const values = emit(
        moments.map(({ gather }) => gather.operand),
        again,
        context,
      );
      const squares = moments.map(({ variable }, m) => {
        const deviation = builder.names.unique('deviation');
        again.lines.push(
          `let ${deviation} = (${within(values[m] as Term, 3)} - ${variable('pivot')}) - ${variable('offset')};`,
        );
        return `${summand(form, variable('m2'))} += ${deviation} * ${deviation};`;
      });
      main.push(
        ...loop(
          form,
          moments.map(({ variable }) => variable('m2')),
          [...again.lines, ...squares],
        ),
      );
      for (const { part, variable } of moments) {
        const fields = ['pivot', 'offset', 'm2', 'peak'].map(variable).join(', ');
        main.push(`let ${part.name} = Moments(f32(${variable('n')}), ${fields});`);
      }
    }
    return parts;
  };

  for (const level of pass.local?.levels ?? []) {
    const parts = traverse(level, []);
    let names = parts.map(({ name }) => name);
    if (form.kind === 'cooperative' && form.lanes > 1) {
      const { lines, slots } = reduceParts(parts, form.lanes, 1, 'member', builder);
      main.push(...lines);
      names = parts.map(({ name }, p) => {
        const total = builder.names.unique(`whole_${name}`);
        main.push(`let ${total} = ${slots[p]}[lane - member];`);
        return total;
      });
    }
    for (const [g, gather] of level.entries()) leaves.hold(gather, unitScope, names[g] as string);
  }

  if (pass.scalars.length > 0) main.push(...writeScalars());
  const traversed = pass.gathers.length + pass.outputs.length > 0;
  const parts = traversed ? traverse(pass.gathers, pass.outputs) : [];
  const partials: Partial[] = [];
  if (parts.length > 0) main.push(...writePartials(parts));
  return { kernel: builder.build(label, workgroups, main), partials };

  /** Numbers that each group has of its own. */
  function writeScalars(): string[] {
    const terms = emit(
      pass.scalars.map(({ expression }) => expression),
      unitScope,
      context,
    );
    const stores = pass.scalars.map(
      ({ name }, s) => `${builder.buffer({ kind: 'scalar', name, access: 'write' })}[group] = ${terms[s]?.text};`,
    );
    return form.kind === 'serial' ? stores : ['if (member == 0u && count > 0u) {', ...indent(stores), '}'];
  }

  function writePartials(all: readonly Part[]): string[] {
    // a unit's own partial, or the workgroup's where units are groups and gathers are not
    const perWorkgroup = form.kind === 'cooperative' && !isStrided;
    const perGroup = perWorkgroup ? workgroups : pass.local ? units : chunks;
    const lines: string[] = [];
    let names = all.map(({ name }) => name);
    if (form.kind === 'cooperative') {
      const width = perWorkgroup ? lanesOf(form) : form.lanes;
      const stride = interleaved ? lanesOf(form) / form.lanes : 1;
      if (width > 1) {
        const reduction = reduceParts(all, width, stride, perWorkgroup ? 'lane' : 'member', builder);
        lines.push(...reduction.lines);
        names = reduction.slots.map((slot) => `${slot}[lane]`);
      }
    }
    const place = perWorkgroup
      ? 'workgroup.x + workgroup.y * workgroups.x'
      : isStrided
        ? `group * ${builder.size('chunks', chunks)} + chunk`
        : 'unit';
    const stores = all.map(({ type }, p) => {
      const gather = pass.gathers[p] as Gather;
      const at = allocate(gather, gather.grouping.groups * perGroup);
      partials.push({ gather, at, partials: perGroup });
      const start = builder.size(`${gather.kind}${p === 0 ? '' : p + 1}_partials_at`, at);
      return builder.store(type, type === 'Moments' ? `${start} + place * 5u` : `${start} + place`, names[p] as string);
    });
    lines.push(`let place = ${place};`);
    if (form.kind === 'serial') return [...lines, ...stores];
    const writes = perWorkgroup
      ? `lane == 0u && place < ${builder.size('partials', workgroups)}`
      : 'member == 0u && count > 0u';
    return [...lines, `if (${writes}) {`, ...indent(stores), '}'];
  }
}

/** Numbers that are not element-shaped, a penalty, a parameter's gradient, a state: in a pass, or in a last, tiny kernel. */
import type { Pass, Plan, ScalarOutput } from '@isoact/core';
import { createScope, type EmitContext, emit, rates, type Scope } from '../shader/emitter.ts';
import type { Library } from '../shader/functions.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { serialLanes } from './form.ts';
import { indent, type Kernel } from './kernel.ts';
import { contextOf, createLeaves, type Gathered, type Pack } from './leaves.ts';

/** One invocation for each group. */
export function emitScalar(
  plan: Plan,
  output: ScalarOutput,
  { gathered, pack, library }: { gathered: readonly Gathered[]; pack: Pack | undefined; library: Library },
): Kernel {
  const { name, expression, grouping } = output;
  const builder = createKernelBuilder(serialLanes, library);
  const scope = createScope(rates.kernel);
  scope.lines.push(
    `let group = (workgroup.x + workgroup.y * workgroups.x) * ${serialLanes}u + lane;`,
    `if (group >= ${builder.size('groups', grouping.groups)}) { return; }`,
  );
  const unit = createScope(rates.unit, scope, scope.lines);
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    pack,
    unitGrouping: grouping,
    index: null,
    element: () => missing(name),
  });
  const [value] = emit([expression], unit, contextOf(builder, leaves));
  const target = builder.buffer({ kind: 'scalar', name, access: 'write' });
  return builder.build(`${plan.direction}: ${name}`, Math.ceil(grouping.groups / serialLanes), [
    ...scope.lines,
    `${target}[group] = ${value?.text};`,
  ]);
}

/** Statements of a pass that write its scalars, one for each group; by the invocations of which `condition` holds. */
export function storeScalars(
  pass: Pass,
  condition: string | null,
  scope: Scope,
  context: EmitContext,
  builder: KernelBuilder,
): string[] {
  if (pass.scalars.length === 0) return [];
  const terms = emit(
    pass.scalars.map(({ expression }) => expression),
    scope,
    context,
  );
  const stores = pass.scalars.map(
    ({ name }, s) => `${builder.buffer({ kind: 'scalar', name, access: 'write' })}[group] = ${terms[s]?.text};`,
  );
  return condition === null ? stores : [`if (${condition}) {`, ...indent(stores), '}'];
}

const missing = (name: string): never => {
  throw new TypeError(`${name} must be made of statistics`);
};

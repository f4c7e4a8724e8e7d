/** A pass without statistics of its own: one element per invocation. */
import { createScope, emit, rates } from '../shader/emitter.ts';
import { createKernelBuilder } from './builder.ts';
import { lanesOf, workgroupsOf } from './form.ts';
import type { Kernel } from './kernel.ts';
import { contextOf, createLeaves } from './leaves.ts';
import { keepNaN } from './nan.ts';
import type { PassRequest } from './pass.ts';
import { workgroupNumber } from './unit.ts';

export function emitMap({ plan, pass, form, library, gathered, label }: PassRequest): Kernel {
  const builder = createKernelBuilder(lanesOf(form), library);
  const scope = createScope(rates.kernel);
  scope.lines.push(
    `let index = (${workgroupNumber}) * ${lanesOf(form)}u + lane;`,
    `if (index >= ${builder.size('elements', plan.length)}) { return; }`,
  );
  const leaves = createLeaves({ builder, layout: plan.layout, gathered, unitGrouping: null, index: 'index' });
  const element = createScope(rates.element, scope, scope.lines);
  const terms = emit(
    pass.outputs.map(({ expression }) => keepNaN(expression)),
    element,
    contextOf(builder, leaves),
  );
  const stores = pass.outputs.map(
    ({ name }, o) => `${builder.buffer({ kind: 'output', name, access: 'write' })}[index] = ${terms[o]?.text};`,
  );
  return builder.build(label, workgroupsOf(form, plan.length), [...scope.lines, ...stores]);
}

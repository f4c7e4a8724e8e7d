/**
 * A pass without statistics of its own, of a tensor that has several parts: one pack of x for each invocation, and a pack
 * of each part, which lie blocks apart.
 */
import type { Output } from '@isoact/core';
import { atom } from '../shader/dialect.ts';
import { createScope, emit, rates } from '../shader/emitter.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { closeFunction, type ElementFunction } from './element-function.ts';
import { lanesOf } from './form.ts';
import { placeInParts } from './indexing.ts';
import type { Kernel } from './kernel.ts';
import { contextOf, createLeaves, hintOf, type Input } from './leaves.ts';
import { keepNaN } from './nan.ts';
import type { PassRequest } from './pass-request.ts';
import type { Range } from './range.ts';
import { loadElement, type Packing, packings, storeElement } from './storage.ts';
import { workgroupNumber } from './unit.ts';

export function emitPartsMap(request: PassRequest, range: Range): Kernel[] {
  const { 4: wide, 2: pair, 1: narrow } = packings[request.storage];
  // a pack must not lie across two blocks
  const { block } = request.plan.placement;
  const packing = [wide, pair, narrow].find((each) => each && block % each.elements === 0);
  return [packing ? emitPacked(request, range, packing) : emitSingly(request, range)];
}

function emitPacked(request: PassRequest, { length }: Range, packing: Packing): Kernel {
  const { plan, pass, form, library, label } = request;
  const lanes = lanesOf(form);
  const builder = createKernelBuilder(lanes, library);
  const packs = length / packing.elements;
  const main = [
    `let pack = (${workgroupNumber}) * ${lanes}u + lane;`,
    `if (pack >= ${builder.size('packs', packs)}) { return; }`,
  ];
  const placeOf = (part: number): string => placeInParts('pack', part, plan.placement, builder, packing.elements);
  const bodies = pass.outputs.map((output) => emitElementFunction(request, output, main, builder));
  const loaded = new Map<Input, string[]>();
  for (const input of bodies.flatMap(({ inputs }) => [...inputs.keys()])) {
    if (loaded.has(input)) continue;
    const { name, part } = input;
    const buffer = builder.buffer({ kind: 'input', name, access: 'read' }, packing.type);
    const local = builder.names.unique(`${hintOf(input)}s`);
    main.push(`let ${local} = ${buffer}[${name === 'upstream' ? placeOf(part) : 'pack'}];`);
    loaded.set(input, packing.unpack(local, builder));
  }
  for (const [o, { name, part }] of pass.outputs.entries()) {
    const { body, inputs } = bodies[o] as (typeof bodies)[number];
    const inputOf = new Map([...inputs].map(([input, parameter]) => [parameter, input]));
    const calls = Array.from({ length: packing.elements }, (_, c) => {
      const index = packing.elements === 1 ? 'pack' : `pack * ${packing.elements}u + ${c}u`;
      const given = body.parameters.map((parameter) => {
        const input = inputOf.get(parameter);
        return input ? loaded.get(input)?.[c] : parameter === 'index' ? index : parameter;
      });
      return `${body.name}(${given.join(', ')})`;
    });
    const target = builder.buffer({ kind: 'output', name, access: 'write' }, packing.type);
    main.push(`${target}[${name === 'y' ? placeOf(part) : 'pack'}] = ${packing.pack(calls, builder)};`);
  }
  const functions = bodies.flatMap(({ body }) => body.text);
  return builder.build(label, Math.ceil(packs / lanes), main, functions);
}

/** One part of the output, or the gradient, as a function of an element. */
function emitElementFunction(
  { plan, gathered, pack }: PassRequest,
  { part, expression }: Output,
  main: string[],
  builder: KernelBuilder,
): { body: ElementFunction; inputs: ReadonlyMap<Input, string> } {
  const inputs = new Map<Input, string>();
  const scope = createScope(rates.element, createScope(rates.kernel, undefined, main));
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    pack,
    unitGrouping: null,
    index: 'index',
    element: (input) => {
      const local = inputs.get(input) ?? builder.names.unique(hintOf(input));
      inputs.set(input, local);
      return atom(local);
    },
  });
  const [value] = emit([keepNaN(expression)], scope, contextOf(builder, leaves));
  const name = plan.direction === 'vjp' ? 'gradient' : `value${part === 0 ? '' : part + 1}`;
  const fields = [{ name: 'value', type: 'f32' as const, value: value?.text ?? '' }];
  return { body: closeFunction(name, scope.lines, fields, [...inputs.values()], main, builder), inputs };
}

/** A kernel for halves whose blocks are no whole words: one element for each invocation. */
function emitSingly(request: PassRequest, { length }: Range): Kernel {
  const { plan, pass, form, storage, library, label } = request;
  const { placement } = plan;
  const lanes = lanesOf(form);
  const builder = createKernelBuilder(lanes, library);
  const main = [
    `let index = (${workgroupNumber}) * ${lanes}u + lane;`,
    `if (index >= ${builder.size('elements', length)}) { return; }`,
  ];
  const scope = createScope(rates.element, createScope(rates.kernel, undefined, main), main);
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered: request.gathered,
    pack: request.pack,
    unitGrouping: null,
    index: 'index',
    element: (input, target) => {
      const place = input.name === 'upstream' ? placeInParts('index', input.part, placement, builder) : 'index';
      return loadElement(storage, input, place, target, builder);
    },
  });
  const roots = pass.outputs.map(({ expression }) => keepNaN(expression));
  const values = emit(roots, scope, contextOf(builder, leaves));
  for (const [o, { name, part }] of pass.outputs.entries()) {
    const place = name === 'y' ? placeInParts('index', part, placement, builder) : 'index';
    main.push(...storeElement(storage, name, place, values[o]?.text ?? '', builder));
  }
  return builder.build(label, Math.ceil(length / lanes), main);
}

/**
 * A pass without statistics of its own: a function of one element, and a kernel that calls it for a few elements that
 * lie together.
 */
import type { InputName, Output } from '@isoact/core';
import { atom } from '../shader/dialect.ts';
import { createScope, emit, rates } from '../shader/emitter.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { closeFunction, type ElementFunction } from './element-function.ts';
import { indent, type Kernel } from './kernel.ts';
import { contextOf, createLeaves } from './leaves.ts';
import { keepNaN } from './nan.ts';
import type { PassRequest } from './pass-request.ts';
import { inRange, type Range, tensorIndex } from './range.ts';
import { type Packing, packings } from './storage.ts';
import { workgroupNumber } from './unit.ts';

/** Below this a tensor whose length is no multiple of four is not worth a second kernel for its end. */
const alwaysNarrow = 2 ** 16;

/** More than a device runs at once, several times over. */
const manyWorkgroups = 1024;

export function emitMap(request: PassRequest, range: Range): Kernel[] {
  const { 4: wide, 2: pair, 1: narrow = pair } = packings[request.storage];
  const { length } = range;
  const end = length % 4;
  const emitted = (packing: Packing, from: number, count: number): Kernel =>
    inRange(emitPacked(from === 0 ? request : { ...request, scalars: [] }, range, packing, from, count), range);
  if (end === 0) return [emitted(wide, 0, length)];
  if (length < alwaysNarrow) return [emitted(narrow, 0, length)];
  return [emitted(wide, 0, length - end), emitted(narrow, length - end, end)];
}

/** A kernel for `length` elements from `start` of the range on. */
function emitPacked(request: PassRequest, range: Range, packing: Packing, start: number, length: number): Kernel {
  const { pass, form, storage, library, label } = request;
  const [output] = pass.outputs;
  if (!output || pass.outputs.length > 1) throw new TypeError('a pass over elements must have one output');
  if (form.kind !== 'map') throw new TypeError('a pass over elements must have the form of a map');
  const { workgroup: lanes } = form;
  // several packs for each only where there are workgroups enough to fill any device
  const each = length >= manyWorkgroups * lanes * packing.elements * form.packs ? form.packs : 1;
  const builder = createKernelBuilder(lanes, library);
  const packs = Math.ceil(length / packing.elements);
  const from = start === 0 ? '' : ` + ${builder.size('start', start / packing.elements)}`;
  const end = builder.size('packs', start / packing.elements + packs);
  const main = [`let pack = (${workgroupNumber}) * ${lanes * each}u + lane${from};`];
  const { body, inputs, scalars } = emitElementFunction(request, range, output, main, builder);
  if (each === 1) main.splice(1, 0, `if (pack >= ${end}) { return; }`);
  const places = Array.from({ length: each }, (_, p) => (p === 0 ? 'pack' : `pack + ${p * lanes}u`));
  const loaded = places.map((place) => {
    const elements = new Map<string, string[]>();
    for (const [name, parameter] of inputs) {
      const buffer = builder.buffer({ kind: 'input', name, access: 'read' }, packing.type);
      const local = builder.names.unique(`${name}s`);
      main.push(`let ${local} = ${buffer}[${each === 1 ? place : `min(${place}, ${end} - 1u)`}];`);
      elements.set(parameter, packing.unpack(local, builder));
    }
    return elements;
  });
  const target = builder.buffer({ kind: 'output', name: output.name, access: 'write' }, packing.type);
  for (const [p, place] of places.entries()) {
    const calls = Array.from({ length: packing.elements }, (_, c) => {
      const first = packing.elements === 1 ? place : `${factor(place)} * ${packing.elements}u`;
      const given = body.parameters.map((parameter) =>
        parameter === 'index' ? (c === 0 ? first : `${first} + ${c}u`) : (loaded[p]?.get(parameter)?.[c] ?? parameter),
      );
      return `${body.name}(${given.join(', ')})`;
    });
    const packed = packing.pack(calls, builder);
    const store =
      storage !== 'float32' && length % 2 === 1
        ? [
            `let packed = ${packed};`,
            '// the other half of the last word is not ours',
            `${target}[${place}] = select(packed, (packed & 0xffffu) | (${target}[${place}] & 0xffff0000u), ${factor(place)} * 2u + 1u == ${builder.size('elements', start + length)});`,
          ]
        : [`${target}[${place}] = ${packed};`];
    if (each === 1) main.push(...store);
    else main.push(`if (${place} < ${end}) {`, ...indent(store), '}');
  }
  if (scalars.length > 0) main.push(`if (${workgroupNumber} == 0u && lane == 0u) {`, ...indent(scalars), '}');
  return builder.build(label, Math.ceil(packs / (lanes * each)), main, body.text);
}

const factor = (place: string): string => (place.includes(' ') ? `(${place})` : place);

/** The output as a function of an element; what all elements share is computed in main. */
function emitElementFunction(
  request: PassRequest,
  range: Range,
  output: Output,
  main: string[],
  builder: KernelBuilder,
): { body: ElementFunction; inputs: ReadonlyMap<InputName, string>; scalars: string[] } {
  const { plan, gathered, pack } = request;
  const inputs = new Map<InputName, string>();
  const kernelScope = createScope(rates.kernel, undefined, main);
  const scope = createScope(rates.element, kernelScope);
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    pack,
    unitGrouping: null,
    index: tensorIndex(range, builder),
    element: ({ name }) => {
      const local = inputs.get(name) ?? builder.names.unique(name);
      inputs.set(name, local);
      return atom(local);
    },
  });
  const context = contextOf(builder, leaves);
  const [value] = emit([keepNaN(output.expression)], scope, context);
  const fields = [{ name: 'value', type: 'f32' as const, value: value?.text ?? '' }];
  const name = plan.direction === 'vjp' ? 'gradient' : 'value';
  const body = closeFunction(name, scope.lines, fields, [...inputs.values()], main, builder);
  const terms = emit(
    request.scalars.map(({ expression }) => expression),
    kernelScope,
    context,
  );
  const scalars = request.scalars.map((scalar, s) => {
    const buffer = builder.buffer({ kind: 'scalar', name: scalar.name, access: 'write' });
    return `${buffer}[0] = ${terms[s]?.text};`;
  });
  return { body, inputs, scalars };
}

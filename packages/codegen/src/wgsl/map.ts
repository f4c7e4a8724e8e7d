/**
 * A pass without statistics of its own: a function of one element, and a kernel that calls it for a few elements that
 * lie together.
 */
import type { InputName, Output } from '@isoact/core';
import { atom } from '../shader/dialect.ts';
import { createScope, emit, rates } from '../shader/emitter.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { lanesOf } from './form.ts';
import { indent, type Kernel, workgroupSize } from './kernel.ts';
import { contextOf, createLeaves } from './leaves.ts';
import { keepNaN } from './nan.ts';
import type { PassRequest } from './pass-request.ts';
import { inRange, type Range, tensorIndex } from './range.ts';
import { type Packing, packings } from './storage.ts';
import { workgroupNumber } from './unit.ts';

/** Below this a tensor whose length is no multiple of four is not worth a second kernel for its end. */
const alwaysNarrow = 2 ** 16;

export function emitMap(request: PassRequest, range: Range): Kernel[] {
  const { wide, narrow } = packings[request.storage];
  const { length } = range;
  const end = length % 4;
  const emitted = (packing: Packing, from: number, count: number): Kernel =>
    inRange(emitPacked(request, range, packing, from, count), range);
  if (end === 0) return [emitted(wide, 0, length)];
  if (length < alwaysNarrow) return [emitted(narrow, 0, length)];
  return [emitted(wide, 0, length - end), emitted(narrow, length - end, end)];
}

/** A kernel for `length` elements from `start` of the range on. */
function emitPacked(request: PassRequest, range: Range, packing: Packing, start: number, length: number): Kernel {
  const { pass, form, storage, library, label } = request;
  const [output] = pass.outputs;
  if (!output || pass.outputs.length > 1) throw new TypeError('a pass over elements must have one output');
  const builder = createKernelBuilder(lanesOf(form), library);
  const packs = Math.ceil(length / packing.elements);
  const main = [
    `let pack = (${workgroupNumber}) * ${workgroupSize}u + lane${start === 0 ? '' : ` + ${builder.size('start', start / packing.elements)}`};`,
    `if (pack >= ${builder.size('packs', start / packing.elements + packs)}) { return; }`,
  ];
  const body = emitElementFunction(request, range, output, main, builder);
  const arguments_ = body.inputs.map((name) => {
    const buffer = builder.buffer({ kind: 'input', name, access: 'read' }, packing.type);
    const local = builder.names.unique(`${name}s`);
    main.push(`let ${local} = ${buffer}[pack];`);
    return packing.unpack(local, builder);
  });
  const calls = Array.from({ length: packing.elements }, (_, c) => {
    const first = packing.elements === 1 ? 'pack' : `pack * ${packing.elements}u`;
    const index = body.takesIndex ? [c === 0 ? first : `${first} + ${c}u`] : [];
    return `${body.name}(${[...index, ...arguments_.map((elements) => elements[c]), ...body.shared].join(', ')})`;
  });
  const target = builder.buffer({ kind: 'output', name: output.name, access: 'write' }, packing.type);
  const packed = packing.pack(calls, builder);
  if (storage === 'float16' && length % 2 === 1) {
    const last = `pack * 2u + 1u == ${builder.size('elements', start + length)}`;
    main.push(
      `let packed = ${packed};`,
      '// the other half of the last word is not ours',
      `${target}[pack] = select(packed, (packed & 0xffffu) | (${target}[pack] & 0xffff0000u), ${last});`,
    );
  } else main.push(`${target}[pack] = ${packed};`);
  return builder.build(label, Math.ceil(packs / workgroupSize), main, body.lines);
}

interface ElementFunction {
  readonly name: string;
  readonly lines: readonly string[];
  /** Whether the first argument is the element's index in the tensor. */
  readonly takesIndex: boolean;
  readonly inputs: readonly InputName[];
  /** Values named in main that follow as arguments. */
  readonly shared: readonly string[];
}

/** The output as a function of an element; what all elements share is computed in main. */
function emitElementFunction(
  request: PassRequest,
  range: Range,
  output: Output,
  main: string[],
  builder: KernelBuilder,
): ElementFunction {
  const { plan, gathered } = request;
  const inputs = new Map<InputName, string>();
  const scope = createScope(rates.element, createScope(rates.kernel, undefined, main));
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    unitGrouping: null,
    index: tensorIndex(range, builder),
    element: (name) => {
      const local = inputs.get(name) ?? builder.names.unique(name);
      inputs.set(name, local);
      return atom(local);
    },
  });
  const [value] = emit([keepNaN(output.expression)], scope, contextOf(builder, leaves));
  const body = [...scope.lines, `return ${value?.text};`];
  const used = wordsOf(body);
  const takesIndex = used.has('index');
  const shared = declaredIn(main).filter((name) => used.has(name));
  const parameters = [
    ...(takesIndex ? ['index: u32'] : []),
    ...[...inputs.values()].map((name) => `${name}: f32`),
    ...shared.map((name) => `${name}: ${builder.types.get(name) ?? 'f32'}`),
  ];
  const name = plan.direction === 'vjp' ? 'gradient' : 'value';
  return {
    name,
    lines: [`fn ${name}(${parameters.join(', ')}) -> f32 {`, ...indent(body), '}'],
    takesIndex,
    inputs: [...inputs.keys()],
    shared,
  };
}

const wordsOf = (lines: readonly string[]): ReadonlySet<string> => new Set(lines.join('\n').match(/\b[A-Za-z_]\w*/g));
const declaredIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => line.match(/^let (\w+) = /)?.[1] ?? []);

/**
 * A pass with statistics whose lanes hold their elements in registers: packs are read at the top, a function of one
 * element is called for each, and what it yields is added up in pairs.
 */
import type { Gather, InputName, Node, Output, Pass } from '@isoact/core';
import { atom } from '../shader/dialect.ts';
import { createScope, emit, rates } from '../shader/emitter.ts';
import { accumulatorType, wordsOf } from './accumulator.ts';
import { createKernelBuilder, type KernelBuilder } from './builder.ts';
import { closeFunction, type Field } from './element-function.ts';
import { type Tiled, workgroupsOf } from './form.ts';
import { chooseKept, withoutCheap } from './kept.ts';
import { indent, type Kernel } from './kernel.ts';
import { contextOf, createLeaves } from './leaves.ts';
import { keepNaN } from './nan.ts';
import type { Partial, PassRequest } from './pass-request.ts';
import { groupingIn, inRange, type Range, tensorIndex } from './range.ts';
import { type Part, reduceOver } from './reduction.ts';
import { storeScalars } from './scalar.ts';
import { elementsOf, packings } from './storage.ts';
import { workgroupNumber } from './unit.ts';

/** How many units a pass has in a range, and the workgroups for them. */
export function countTiles(pass: Pass, form: Tiled, range: Range): { units: number; workgroups: number } {
  const units = pass.local
    ? groupingIn(pass.local.grouping, range).grouping.groups
    : Math.ceil(range.length / form.unitSize);
  return { units, workgroups: workgroupsOf(form, units) };
}

export function emitTiled(
  request: PassRequest,
  form: Tiled,
  range: Range,
  partials: readonly Partial[],
  start: number,
): Kernel {
  const { plan, pass, library, storage, gathered, pack, label } = request;
  const { workgroup, lanes, packs, width } = form;
  const builder = createKernelBuilder(workgroup, library);
  const packing = packings[storage][width];
  if (!packing) throw new TypeError('half a word is no pack');
  const { units, workgroups } = countTiles(pass, form, range);
  const isLocal = pass.local !== null;
  const { lines: main, isOurs } = unitLines(form, isLocal, units, builder);
  if (pass.local) {
    const { firstGroup } = groupingIn(pass.local.grouping, range);
    const first = range.isWhole ? '' : ` + ${builder.size('first_group', firstGroup)}`;
    main.push(`let group = unit${first};`);
    builder.types.set('group', 'u32');
  }
  const unitScope = createScope(rates.unit, createScope(rates.kernel, undefined, main), main);

  /** Names of the element of the function that is being written: its inputs, and values that an earlier one left. */
  let locals = new Map<InputName | Node, string>();
  const places = new Map<Node, readonly (readonly string[])[]>();
  const localName = (key: InputName | Node, hint: string): string => {
    let name = locals.get(key);
    if (!name) {
      name = builder.names.unique(hint);
      locals.set(key, name);
    }
    return name;
  };
  const leaves = createLeaves({
    builder,
    layout: plan.layout,
    gathered,
    pack,
    unitGrouping: pass.local?.grouping ?? null,
    index: tensorIndex(range, builder),
    element: ({ name }) => atom(localName(name, name)),
    kept: (node) => (node.kind !== 'input' && places.has(node) ? localName(node, 'kept') : undefined),
  });
  const context = contextOf(builder, leaves);
  const functions: string[] = [];
  const loops = loopsOf(pass);
  const toKeep = [...withoutCheap(chooseKept(loops))].filter((node) => node.kind !== 'input');

  // where each pack lies, and which are there
  const body: string[] = form.rounds > 1 || !isLocal ? [] : main;
  const packCount = builder.size('packs', (isLocal ? form.unitSize : range.length) / width);
  const wanted = Array.from({ length: packs }, (_, p) => {
    const step = p === 0 ? '' : ` + ${p * lanes}u`;
    return isLocal ? `member${step}` : `first${step}`;
  });
  const isShort = !isLocal || lanes * packs * width !== form.unitSize;
  const mayBeShort = (p: number): boolean => isShort && (!isLocal || p === packs - 1);
  if (isLocal) main.push(`let first = unit * ${packCount};`);
  const at = wanted.map((place, p) => {
    const name = builder.names.unique(`pack${p}`);
    const bounded = mayBeShort(p) ? `min(${place}, ${packCount} - 1u)` : place;
    body.push(`let ${name} = ${isLocal ? `first + ${bounded}` : bounded};`);
    if (mayBeShort(p)) body.push(`let is_there${p} = ${place} < ${packCount};`);
    return name;
  });
  const elements = new Map<InputName, readonly (readonly string[])[]>();
  for (const name of pass.reads as readonly InputName[]) {
    const buffer = builder.buffer({ kind: 'input', name, access: 'read' }, packing.type);
    elements.set(
      name,
      at.map((place) => {
        const local = `${builder.names.unique(`${name}_pack`)}`;
        body.push(`let ${local} = ${packing.decode(`${buffer}[${place}]`, builder)};`);
        return elementsOf(local, width);
      }),
    );
  }

  /** Calls a function for each element; gives text of each field at each. */
  const callForAll = (
    name: string,
    fields: readonly Field[],
    lines: readonly string[],
  ): ((field: string) => readonly (readonly string[])[]) => {
    const own = closeFunction(name, lines, fields, [...locals.values()], main, builder);
    functions.push(...(functions.length > 0 ? [''] : []), ...own.text);
    const keyOf = new Map([...locals].map(([key, local]) => [local, key]));
    const argument = (parameter: string, p: number, c: number): string => {
      if (parameter === 'index') return c === 0 && width === 1 ? (at[p] as string) : `${at[p]} * ${width}u + ${c}u`;
      const key = keyOf.get(parameter);
      if (key === undefined) return parameter;
      const all = typeof key === 'string' ? elements.get(key) : places.get(key);
      return all?.[p]?.[c] as string;
    };
    const call = (p: number, c: number): string =>
      `${own.name}(${own.parameters.map((parameter) => argument(parameter, p, c)).join(', ')})`;
    const all = at.map((_, p) => Array.from({ length: width }, (_, c) => call(p, c)));
    const [only] = fields;
    if (fields.length === 1 && only && only.type === 'f32' && width > 1) {
      const vectors = all.map((calls) => {
        const vector = builder.names.unique(`${name}_pack`);
        body.push(`let ${vector} = vec${width}f(${calls.join(', ')});`);
        return elementsOf(vector, width);
      });
      return () => vectors;
    }
    const names = all.map((calls) =>
      calls.map((text) => {
        const result = builder.names.unique(`${name}_result`);
        body.push(`let ${result} = ${text};`);
        return result;
      }),
    );
    return (field) => names.map((row) => row.map((result) => (fields.length === 1 ? result : `${result}.${field}`)));
  };

  /** Takes some gathers and writes some outputs; gives the invocation's part of each gather. */
  const run = (gathers: readonly Gather[], outputs: readonly Output[], wish: string): Part[] => {
    locals = new Map();
    const lines: string[] = [];
    const scope = createScope(rates.element, unitScope, lines);
    const roots = [...gathers.map(({ operand }) => operand), ...outputs.map(({ expression }) => keepNaN(expression))];
    const terms = emit(roots, scope, context, new Set(toKeep));
    const keep = toKeep.filter((node) => !places.has(node) && scope.terms.has(node));
    const fields: Field[] = [
      ...gathers.map((gather, g): Field => {
        const type = accumulatorType(gather);
        if (type === 'Moments') throw new TypeError('moments must have a form of their own');
        return { name: `${gather.kind}${g === 0 ? '' : g + 1}`, type, value: terms[g]?.text ?? '' };
      }),
      ...keep.map((node, k): Field => ({ name: `kept${k}`, type: 'f32', value: scope.terms.get(node)?.text ?? '' })),
      ...outputs.map(
        ({ name }, o): Field => ({ name: `${name}_value`, type: 'f32', value: terms[gathers.length + o]?.text ?? '' }),
      ),
    ];
    const textsOf = callForAll(wish, fields, lines);
    keep.forEach((node, k) => {
      places.set(node, textsOf(`kept${k}`));
    });
    const parts = gathers.map((gather, g): Part => {
      const type = accumulatorType(gather);
      const name = builder.names.unique(gather.kind);
      const zero = type === 'u32' ? '0u' : '0.0';
      const sums = textsOf(fields[g]?.name ?? '').map((texts, p) => {
        const sum = inPairs(texts);
        return mayBeShort(p) ? `select(${zero}, ${sum}, is_there${p})` : sum;
      });
      if (body === main) main.push(builder.declare(name, type, inPairs(sums)));
      else {
        main.push(`var ${name} = ${zero};`);
        builder.types.set(name, type);
        body.push(`${name} += ${inPairs(sums)};`);
      }
      return { type, name };
    });
    for (const { name } of outputs) {
      const buffer = builder.buffer({ kind: 'output', name, access: 'write' }, packing.type);
      textsOf(`${name}_value`).forEach((texts, p) => {
        const store = `${buffer}[${at[p]}] = ${packing.pack(texts, builder)};`;
        const condition = [...(mayBeShort(p) ? [`is_there${p}`] : []), ...(isOurs ? [isOurs] : [])].join(' && ');
        body.push(condition ? `if (${condition}) { ${store} }` : store);
      });
    }
    return parts;
  };

  let step = 0;
  const stepName = (): string => builder.names.unique(`terms${++step === 1 ? '' : step}`);
  for (const level of pass.local?.levels ?? []) {
    const parts = run(level, [], stepName());
    const wholes = reduceOver(parts, lanes, form, builder, main);
    for (const [g, gather] of level.entries()) leaves.hold(gather, unitScope, wholes[g] as string);
  }
  main.push(...storeScalars(pass, `member == 0u${isOurs ? ` && ${isOurs}` : ''}`, unitScope, context, builder));
  if (pass.gathers.length + pass.outputs.length > 0) {
    const single = pass.gathers.length === 0;
    const name = single ? (plan.direction === 'vjp' ? 'gradient' : 'value') : stepName();
    const parts = run(pass.gathers, pass.outputs, name);
    if (body !== main) {
      main.push(
        `for (var tile = 0u; tile < ${builder.size('rounds', form.rounds)}; tile++) {`,
        ...indent([
          `let first = (unit * ${builder.size('rounds', form.rounds)} + tile) * ${lanes * packs}u + member;`,
          ...body,
        ]),
        '}',
      );
    }
    if (parts.length > 0) writePartials(form, isOurs, workgroups, parts, partials, start, main, builder);
  }
  return inRange(builder.build(label, workgroups, main, functions), range);
}

/** Statements that give each invocation its unit; the condition under which it is one of the range's, if it need not be. */
function unitLines(
  { workgroup, lanes }: Tiled,
  isLocal: boolean,
  units: number,
  builder: KernelBuilder,
): { lines: string[]; isOurs: string | null } {
  if (workgroup === lanes) {
    const lines = [`let unit = ${workgroupNumber};`, 'let member = lane;'];
    if (isLocal) lines.splice(1, 0, `if (unit >= ${builder.size('units', units)}) { return; }`);
    return { lines, isOurs: null };
  }
  const count = builder.size('units', units);
  const lines = [
    `let own_unit = (${workgroupNumber}) * ${workgroup / lanes}u + lane / ${lanes}u;`,
    `let is_ours = own_unit < ${count};`,
    `let unit = min(own_unit, ${count} - 1u);`,
    `let member = lane % ${lanes}u;`,
  ];
  return { lines, isOurs: 'is_ours' };
}

const inPairs = (texts: readonly string[]): string => {
  if (texts.length <= 2) return texts.join(' + ');
  const half = Math.ceil(texts.length / 2);
  const side = (part: readonly string[]): string => (part.length === 1 ? inPairs(part) : `(${inPairs(part)})`);
  return `${side(texts.slice(0, half))} + ${side(texts.slice(half))}`;
};

/** Writes one partial of each gather for each workgroup. */
function writePartials(
  form: Tiled,
  isOurs: string | null,
  workgroups: number,
  parts: readonly Part[],
  partials: readonly Partial[],
  start: number,
  main: string[],
  builder: KernelBuilder,
): void {
  const ours = parts.map(({ type, name }): Part => {
    if (!isOurs) return { type, name };
    const own = builder.names.unique(`own_${name}`);
    main.push(builder.declare(own, type, `select(${type === 'u32' ? '0u' : '0.0'}, ${name}, ${isOurs})`));
    return { type, name: own };
  });
  const wholes = reduceOver(ours, form.workgroup, form, builder, main);
  const stores = ours.map(({ type }, p) => {
    const { gather, at } = partials[p] as Partial;
    const words = wordsOf[type];
    const from = builder.size(`${gather.kind}${p === 0 ? '' : p + 1}_partials_at`, at + start * words);
    return builder.store(type, `${from} + place`, wholes[p] as string);
  });
  main.push(
    `let place = ${workgroupNumber};`,
    `if (lane == 0u && place < ${builder.size('partials', workgroups)}) {`,
    ...indent(stores),
    '}',
  );
}

/** The roots of each loop over the elements, in order. */
const loopsOf = (pass: Pass): (readonly Node[])[] => [
  ...(pass.local?.levels ?? []).map((level) => level.map(({ operand }) => operand)),
  [...pass.gathers.map(({ operand }) => operand), ...pass.outputs.map(({ expression }) => keepNaN(expression))],
];

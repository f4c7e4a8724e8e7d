/** The loops over a unit's elements: they gather statistics and write outputs. */
import type { Gather, Node, Output, Pass, Placement } from '@isoact/core';
import { type Term, within } from '../shader/dialect.ts';
import { createScope, type EmitContext, emit, rates, type Scope } from '../shader/emitter.ts';
import { accumulatorType } from './accumulator.ts';
import type { KernelBuilder } from './builder.ts';
import type { Summing } from './form.ts';
import { placeInParts } from './indexing.ts';
import { chooseKept, chooseOneKept } from './kept.ts';
import { loop, type Part, summand } from './loops.ts';
import { keepNaN } from './nan.ts';
import { type Memory, storeElement } from './storage.ts';

export interface Traversal {
  /** The value of a node that an earlier loop kept, in the present one. */
  readonly kept: (node: Node) => string | undefined;
  /** Takes some gathers and writes some outputs; gives the invocation's part of each gather. */
  readonly run: (gathers: readonly Gather[], outputs: readonly Output[]) => Part[];
}

interface TraversalRequest {
  readonly pass: Pass;
  readonly placement: Placement;
  readonly form: Summing;
  readonly index: string;
  readonly builder: KernelBuilder;
  readonly storage: Memory;
  /** The top of the kernel's main function. */
  readonly unitScope: Scope;
  readonly context: () => EmitContext;
}

export function createTraversal({
  pass,
  placement,
  form,
  index,
  builder,
  storage,
  unitScope,
  context,
}: TraversalRequest): Traversal {
  const main = unitScope.lines;
  const [output] = pass.outputs;
  const one = form.kind === 'serial' && storage === 'float32' && output ? chooseOneKept(loopsToOutputs(pass)) : null;
  const toKeep = form.kind === 'cooperative' ? chooseKept(loopsOf(pass)) : new Set(one ? [one] : []);
  /** Where kept values are. */
  const places = new Map<Node, string>();

  const placeOf = ({ name, part }: Output): string =>
    name === 'y' ? placeInParts('index', part, placement, builder) : 'index';

  const placeFor = (value: string): string => {
    if (form.kind === 'serial') {
      const buffer = builder.buffer({ kind: 'output', name: output?.name ?? '', access: 'write' });
      return `${buffer}[${output ? placeOf(output) : 'index'}]`;
    }
    const array = builder.names.unique(/^\w+$/.test(value) ? `${value}_kept` : 'kept');
    main.push(`var ${array}: array<f32, ${form.elements}>;`);
    return `${array}[e]`;
  };

  /** One loop: emits the roots in a new scope, and keeps what later loops need. */
  const traverse = (
    roots: readonly Node[],
    statements: (terms: readonly Term[], scope: Scope) => string[],
    sums: () => readonly string[],
  ): void => {
    const scope = createScope(rates.element, unitScope);
    scope.lines.push(`let index = ${index};`);
    const terms = emit(roots, scope, context(), toKeep);
    const body = statements(terms, scope);
    for (const node of [...toKeep].filter((each) => !places.has(each) && scope.terms.has(each))) {
      const { text } = scope.terms.get(node) as Term;
      const place = placeFor(text);
      scope.lines.push(`${place} = ${text};`);
      places.set(node, place);
    }
    main.push(...loop(form, sums(), [...scope.lines, ...body]));
  };

  const run: Traversal['run'] = (gathers, outputs) => {
    const parts = gathers.map(
      (gather): Part => ({ type: accumulatorType(gather), name: builder.names.unique(gather.kind) }),
    );
    const sums: string[] = [];
    const moments = parts.flatMap((part, g) =>
      part.type === 'Moments' ? [{ part, gather: gathers[g] as Gather }] : [],
    );
    for (const { type, name } of parts) main.push(...declarations(type, name));
    traverse(
      rootsOf(gathers, outputs),
      (terms, scope) => [
        ...parts.flatMap(({ type, name }, g) => {
          const term = terms[g] as Term;
          if (type === 'u32') return [`${name} += u32(${term.text});`];
          if (type === 'f32') {
            sums.push(name);
            return [`${summand(form, name)} += ${term.text};`];
          }
          sums.push(`${name}_offset`);
          builder.useMoments('pivot', 'scale');
          return firstOfMoments(name, named(term, scope, builder), summand(form, `${name}_offset`));
        }),
        ...outputs.flatMap((each, o) =>
          storeElement(storage, each.name, placeOf(each), terms[gathers.length + o]?.text ?? '', builder),
        ),
      ],
      () => sums,
    );
    if (form.kind === 'serial' && outputs.length > 0) places.clear(); // the outputs are there now
    if (moments.length > 0) takeSquares(moments);
    return parts;
  };

  /** The second loop of moments: squares of deviations from the mean that the first loop found. */
  const takeSquares = (moments: readonly { part: Part; gather: Gather }[]): void => {
    for (const { name } of moments.map(({ part }) => part)) {
      main.push(
        `${name}_offset /= f32(max(${name}_n, 1u));`,
        `let ${name}_exponent = exponentOf(${name}_reach);`,
        `let ${name}_scale = powerOf(254u - ${name}_exponent);`,
      );
    }
    traverse(
      moments.map(({ gather }) => gather.operand),
      (terms, scope) =>
        moments.map(({ part: { name } }, m) => {
          const deviation = builder.names.unique('deviation');
          const value = within(terms[m] as Term, 3);
          scope.lines.push(`let ${deviation} = ((${value} - ${name}_pivot) - ${name}_offset) * ${name}_scale;`);
          return `${summand(form, `${name}_m2`)} += ${deviation} * ${deviation};`;
        }),
      () => moments.map(({ part }) => `${part.name}_m2`),
    );
    for (const { part } of moments) {
      const fields = ['pivot', 'offset', 'm2', 'exponent', 'peak'].map((field) => `${part.name}_${field}`);
      main.push(`let ${part.name} = Moments(f32(${part.name}_n), ${fields.join(', ')});`);
    }
  };

  return {
    run,
    kept: (node) => places.get(node),
  };
}

const rootsOf = (gathers: readonly Gather[], outputs: readonly Output[]): Node[] => [
  ...gathers.map(({ operand }) => operand),
  ...outputs.map(({ expression }) => keepNaN(expression)),
];

/** The roots of the loops of a pass up to that which writes its outputs, in order. */
const loopsToOutputs = (pass: Pass): (readonly Node[])[] => [
  ...(pass.local?.levels ?? []).flatMap((level) => [rootsOf(level, []), ...squares(level)]),
  rootsOf(pass.gathers, pass.outputs),
];

/** The roots of every loop of a pass. */
const loopsOf = (pass: Pass): (readonly Node[])[] => [...loopsToOutputs(pass), ...squares(pass.gathers)];

function squares(gathers: readonly Gather[]): (readonly Node[])[] {
  const operands = gathers.flatMap(({ kind, operand }) => (kind === 'moments' ? [operand] : []));
  return operands.length > 0 ? [operands] : [];
}

/** Variables that are not float sums; the loop declares those. */
function declarations(type: Part['type'], name: string): string[] {
  if (type === 'u32') return [`var ${name} = 0u;`];
  if (type === 'f32') return [];
  return ['n = 0u', 'pivot = 0.0', 'peak = 0u', 'reach = 0u'].map((field) => `var ${name}_${field};`);
}

/** In the first loop of moments: the pivot is the first element, the offset sums distances from it. */
const firstOfMoments = (name: string, element: string, offset: string): string[] => [
  `if (${name}_n == 0u) { ${name}_pivot = pivotOf(${element}); }`,
  `${name}_n++;`,
  `${name}_peak = max(${name}_peak, bitcast<u32>(${element}) & 0x7fffffffu);`,
  `let ${name}_distance = ${element} - ${name}_pivot;`,
  `${name}_reach = max(${name}_reach, bitcast<u32>(abs(${name}_distance)));`,
  `${offset} += ${name}_distance;`,
];

/** The term as a name, so that statements can repeat it. */
function named({ text, binding }: Term, scope: Scope, builder: KernelBuilder): string {
  if (binding === 0 && !text.includes('(')) return text;
  const name = builder.names.unique('element');
  scope.lines.push(builder.declare(name, 'f32', text));
  return name;
}

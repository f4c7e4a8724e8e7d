/** From a plan to fragment programs. */
import type { Expression, Gather, Grouping, Node, Plan, Statistic, Target } from '@isoact/core';
import { sum } from '@isoact/core/expression';
import { float32Library } from '@isoact/core/numerics';
import { variationIn } from '@isoact/core/plan';
import { createScope, type EmitContext, emit, rates } from '../shader/emitter.ts';
import type { Library } from '../shader/functions.ts';
import { keepNaN } from '../wgsl/nan.ts';
import { createGlslBuilder, type GlslBuilder } from './builder.ts';
import { glslDialect, literal } from './dialect.ts';
import { splitFactors, withFactors } from './factors.ts';
import { elementOffset, groupStart, partLines } from './indexing.ts';
import { createLeaves, groupingKey } from './leaves.ts';
import { createPerGroup } from './per-group.ts';
import type { GatheredTextures, GlslKernel, GlslProgram, GlslTarget, GlslTexture } from './program.ts';

/** Fragment programs hold no group on chip, and write one number each. */
export const webglTarget: Target = { name: 'webgl', groupCapacity: 0, gathersAnyExtent: true };

/** Terms that one texel adds up, in blocks: a sum of n is ⌈log64 n⌉ times 16 deep. */
const chunk = 64;
const block = 8;

/** How the terms of a reduction are joined. */
interface Reduction {
  readonly zero: string;
  readonly join: (whole: string, term: string) => string;
}
const summing: Reduction = { zero: '0.0', join: (whole, term) => `${whole} + ${term}` };
const largest: Reduction = { zero: '0.0', join: (whole, term) => `max(${whole}, ${term})` };

/** What is reduced: elements of each group, or one element of each of the smaller groups that make up the tensor. */
interface Domain {
  readonly grouping: Grouping;
  /** Terms per group. */
  readonly size: number;
  /** Text of the `origin` of a `group`. */
  readonly start: string;
  /** Text of the place of term `first + k`. */
  readonly place: string;
}
const domainOf = (grouping: Grouping): Domain => ({
  grouping,
  size: grouping.size,
  start: groupStart('group', grouping),
  place: `origin + ${elementOffset('first + k', grouping)}`,
});
const domainOfGroups = (finer: Grouping, grouping: Grouping): Domain => ({
  grouping,
  size: finer.groups,
  start: '0',
  place: `origin + ${groupStart('first + k', finer)}`,
});
/** The argument of `valueAt`. */
const written = 'index';
const plain = (term: string): string => term;

/** Generates the programs of a plan made for `webglTarget`. */
export function generateGlsl(plan: Plan, library: Library = float32Library): GlslProgram {
  const kernels: GlslKernel[] = [];
  const gathered: GatheredTextures[] = [];
  let intermediates = 0;
  const { layout } = plan;
  const groupsOf = createPerGroup(layout);
  const settled = new Map<Node, number>();
  const sums: { operand: Expression; sum: Statistic; axes: readonly number[]; grouping: Grouping }[] = [];
  const variation = variationIn(layout);
  const isConstantOver = (axes: readonly number[]) => (node: Expression) =>
    axes.every((axis) => !variation(node).has(axis));

  for (const pass of plan.passes) {
    const found = pass.gathers.map(gather);
    if (plan.placement.parts === 1 || plan.direction === 'vjp') {
      for (const { name, expression } of pass.outputs)
        map({ kind: 'output', name }, plan.length, null, keepNaN(expression));
    }
    gathered.push(...found);
  }
  if (plan.placement.parts > 1 && plan.direction === 'forward') mapParts();
  for (const { name, expression, grouping } of plan.scalars) {
    map({ kind: 'scalar', name }, grouping.groups, grouping, expression);
  }
  return { plan, kernels };

  /** One number per element, or per group where a grouping is given. */
  function map(target: GlslTarget, length: number, grouping: Grouping | null, root: Node): void {
    const builder = createGlslBuilder(library);
    const lines = grouping ? ['int group = index;'] : [];
    const place = grouping ? `(${groupStart('group', grouping)})` : written;
    const [value] = emitAt(builder, grouping, place, [root], lines, lines);
    kernels.push(builder.build(labelOf(target), target, length, [...lines, `return ${value};`]));
  }

  /** All parts of y as one texture, by a program that knows from its texel which part it is to give. */
  function mapParts(): void {
    const builder = createGlslBuilder(library);
    const outputs = plan.passes.flatMap((pass) => pass.outputs).sort((a, b) => a.part - b.part);
    const lines = partLines('index', plan.placement);
    const roots = outputs.map(({ expression }) => keepNaN(expression));
    const values = emitAt(builder, null, 'place', roots, lines, lines);
    const chosen = values.reduceRight((others, value, part) => `part == ${part} ? ${value} : ${others}`);
    const target = { kind: 'output', name: 'y' } as const;
    kernels.push(
      builder.build(labelOf(target), target, plan.placement.parts * plan.length, [...lines, `return ${chosen};`]),
    );
  }

  function gather(each: Gather): GatheredTextures {
    const { kind, operand } = each;
    const own = domainOf(each.grouping);
    if (kind === 'sum') return { gather: each, sum: gatherSum(each) };
    if (kind === 'count')
      return { gather: each, sum: reduce(own, summing, operand, (term) => `(${term} ? 1.0 : 0.0)`) };

    const pivot = newIntermediate();
    const pivots = createGlslBuilder(library);
    const lines = ['int group = index;'];
    const start = `(${groupStart('group', each.grouping)})`;
    const [first] = emitAt(pivots, each.grouping, start, [operand], lines, lines);
    lines.push(`float first = ${first};`, 'bool isFinite = (floatBitsToUint(first) & 0x7f800000u) != 0x7f800000u;');
    kernels.push(
      pivots.build('pivot', { kind: 'intermediate', id: pivot }, each.grouping.groups, [
        ...lines,
        'return isFinite ? first : 0.0;',
      ]),
    );

    const shifted = (builder: GlslBuilder, term: string): string => `(${term} - ${readGroup(builder, pivot)})`;
    const sum = reduce(own, summing, operand, (term, builder) => shifted(builder, term));
    const size = literal(Math.fround(each.grouping.size));
    // an infinite mean leaves the deviations as they are: infinite where an element is
    const deviation = (term: string, builder: GlslBuilder): string =>
      `(${shifted(builder, term)} - finiteOrZero(${readGroup(builder, sum)} / ${size}))`;
    const peak = reduce(own, largest, operand, (term, builder) => `abs(${deviation(term, builder)})`, finiteOrZero);
    const unit = newIntermediate();
    const units = createGlslBuilder(library);
    kernels.push(
      units.build('unit', { kind: 'intermediate', id: unit }, each.grouping.groups, [
        `uint bits = floatBitsToUint(${units.read({ kind: 'intermediate', id: peak }, 'index')});`,
        'return uintBitsToFloat(clamp(bits >> 23u, 1u, 253u) << 23u);',
      ]),
    );
    const squared = (term: string, builder: GlslBuilder): string =>
      `squareIn(${deviation(term, builder)}, ${readGroup(builder, unit)})`;
    const squares = reduce(own, summing, operand, squared, [...finiteOrZero, ...squareIn]);
    return { gather: each, sum, pivot, peak: unit, squares };
  }

  /** The sum of a gather, its constant factors outside; over the sums of smaller groups where they are there. */
  function gatherSum({ operand, statistics, grouping, spanned }: Gather): number {
    const expression = operand as Expression; // what is summed is no predicate
    if (grouping.groups === 1) {
      for (const { operand: rest, sum: inner, axes, grouping: finer } of sums) {
        const split = splitFactors(expression, isConstantOver(axes));
        if (split.rest === rest)
          return reduce(domainOfGroups(finer, grouping), summing, withFactors(inner, split), plain);
      }
    }
    const split = splitFactors(expression, isConstantOver(spanned));
    const inner = sum(split.rest, (statistics[0] as Statistic).extent) as Statistic; // that is what it makes
    const id = reduce(domainOf(grouping), summing, split.rest, plain);
    gathered.push({ gather: { kind: 'sum', operand: split.rest, statistics: [inner], grouping, spanned }, sum: id });
    if (grouping.groups > 1) sums.push({ operand: split.rest, sum: inner, axes: spanned, grouping });
    if (split.factors.length === 0) return id;
    const product = newIntermediate();
    map({ kind: 'intermediate', id: product }, grouping.groups, grouping, withFactors(inner, split));
    return product;
  }

  /** Reduces a term of every element of a group to one number per group, in as many programs as that takes. */
  function reduce(
    { grouping, size, start, place }: Domain,
    { zero, join }: Reduction,
    operand: Node,
    termOf: (element: string, builder: GlslBuilder) => string,
    preamble: readonly string[] = [],
  ): number {
    let partials = Math.ceil(size / chunk);
    let source = newIntermediate();
    const builder = createGlslBuilder(library);
    const outside: string[] = [];
    const inside: string[] = [];
    const [element] = emitAt(builder, grouping, 'place', [operand], outside, inside);
    const term = termOf(element as string, builder);
    const loop = loopLines(size, partials, { zero, join }, [`int place = ${place};`, ...inside], term);
    loop.splice(loop.indexOf(marker), 1, `int origin = ${start};`, ...outside);
    push(builder, source, partials, loop, preamble);
    while (partials > 1) {
      const [before, count] = [source, partials];
      partials = Math.ceil(count / chunk);
      source = newIntermediate();
      const combining = createGlslBuilder(library);
      const read = combining.read({ kind: 'intermediate', id: before }, `group * ${count} + first + k`);
      push(
        combining,
        source,
        partials,
        loopLines(count, partials, { zero, join }, [], read).filter((line) => line !== marker),
        [],
      );
    }
    return source;

    function push(
      from: GlslBuilder,
      id: number,
      chunks: number,
      body: readonly string[],
      functions: readonly string[],
    ): void {
      const kernel = from.build('reduce', { kind: 'intermediate', id }, grouping.groups * chunks, body);
      kernels.push({ ...kernel, code: [...functions, kernel.code].join('\n') });
    }
  }

  /** The values of roots at a place, with what they need: outside of the loop over elements, and inside. */
  function emitAt(
    builder: GlslBuilder,
    unit: Grouping | null,
    index: string,
    roots: readonly Node[],
    outside: string[],
    inside: string[],
  ): string[] {
    const kernel = createScope(rates.kernel, undefined, outside);
    const group = createScope(rates.unit, kernel, outside);
    const element = createScope(rates.element, group, inside);
    const context: EmitContext = {
      dialect: glslDialect,
      names: builder.names,
      useHelper: builder.useHelper,
      useFunction: builder.useFunction,
      ...createLeaves({
        builder,
        layout,
        placement: plan.placement,
        gathered,
        unit,
        index,
        isWritten: index === written,
        perGroup: (node) => settle(node, unit),
      }),
    };
    return emit(roots, element, context).map(({ text }) => text);
  }

  /** The value of a node for each group, from a program of its own; null where the group is at hand, as in that program. */
  function settle(node: Node, unit: Grouping | null): { texture: GlslTexture; grouping: Grouping } | null {
    const grouping = groupsOf(node);
    if (!grouping || (unit && (grouping.groups === 1 || groupingKey(grouping) === groupingKey(unit)))) return null;
    const id = settled.get(node) ?? newIntermediate();
    if (!settled.has(node)) map({ kind: 'intermediate', id }, grouping.groups, grouping, node);
    settled.set(node, id);
    return { texture: { kind: 'intermediate', id }, grouping };
  }

  function newIntermediate(): number {
    return intermediates++;
  }
}

/** Where the statements of the group stand. */
const marker = '';

function loopLines(
  size: number,
  chunks: number,
  { zero, join }: Reduction,
  inside: readonly string[],
  term: string,
): string[] {
  return [
    `int group = index / ${chunks};`,
    `int first = (index % ${chunks}) * ${chunk};`,
    `int count = min(${chunk}, ${size} - first);`,
    marker,
    `float whole = ${zero};`,
    `for (int start = 0; start < count; start += ${block}) {`,
    `  float part = ${zero};`,
    `  int end = min(start + ${block}, count);`,
    '  for (int k = start; k < end; k++) {',
    ...inside.map((line) => `    ${line}`),
    `    part = ${join('part', term)};`,
    '  }',
    `  whole = ${join('whole', 'part')};`,
    '}',
    'return whole;',
  ];
}

/** Text of a number of the group that is being reduced. */
const readGroup = (builder: GlslBuilder, id: number): string => builder.read({ kind: 'intermediate', id }, 'group');

const finiteOrZero: readonly string[] = [
  'float finiteOrZero(float t) {',
  '  return (floatBitsToUint(t) & 0x7f800000u) == 0x7f800000u ? 0.0 : t;',
  '}',
];

const squareIn: readonly string[] = [
  '// The square of t in units of a power of two, squared.',
  'float squareIn(float t, float unit) {',
  '  float scaled = t * uintBitsToFloat(0x7f000000u - floatBitsToUint(unit));',
  '  return scaled * scaled;',
  '}',
];

const labelOf = (target: GlslTarget): string => (target.kind === 'intermediate' ? 'intermediate' : target.name);

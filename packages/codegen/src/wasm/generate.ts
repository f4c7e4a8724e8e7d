/**
 * A plan as a WebAssembly function. Each pass is one nest of loops; groups that are held together are gone through
 * once for each level of their statistics and once for the results, while they are in the cache.
 */
import {
  extentAxes,
  type Gather,
  isStatistic,
  type Node,
  operands,
  type Pass,
  type Plan,
  parameterAxes,
  type ScalarOutput,
  type Statistic,
  variationIn,
} from '@isoact/core';
import { input, parameter } from '@isoact/core/expression';
import type { WasmArgument } from './arguments.ts';
import { get, type Instruction, lane, memory, plain, type WasmModule } from './binary/instruction.ts';
import { emit } from './emit.ts';
import { type Gathered, gatherInVariables, type Reading, readingOf } from './gathered.ts';
import { gatherInMemory } from './gathered-in-memory.ts';
import { createLegaliser, type Legaliser } from './legalise.ts';
import { type Facts, type Interval, isNever } from './range.ts';
import { type FieldArray, Kernel, type Lanes } from './kernel.ts';
import { type Dimension, dimensionsOf, variesAlong } from './nest.ts';
import { chooseSpills } from './spill.ts';
import type { Leaf, Surroundings } from './surroundings.ts';
import { loadTail, storeTail } from './tail.ts';

export interface GeneratedWasm {
  readonly module: WasmModule;
  /** What the exported function takes, in order. */
  readonly arguments: readonly WasmArgument[];
  /** Intervals of parameters that the code relies on. */
  readonly assumed: ParameterBounds;
}

/** Intervals that parameters lie in, by name. */
export type ParameterBounds = Readonly<Record<string, Interval>>;

export interface WasmOptions {
  /** Intervals that parameters will lie in, which let cheaper forms of functions be chosen; see `rangeClasses`. */
  readonly bounds?: ParameterBounds;
  /** Whether values may be kept in scratch memory from one loop over a group to the next; true unless said otherwise. */
  readonly keeps?: boolean;
  /** Whether to use relaxed SIMD (see `hasRelaxedSimd`); false unless said otherwise. */
  readonly relaxed?: boolean;
}

/**
 * Generates the module of a plan made for `sequentialTarget`. Its function is named after the plan's direction.
 */
export function generateWasm(plan: Plan, { bounds = {}, keeps = true, relaxed = false }: WasmOptions = {}): GeneratedWasm {
  const numbers = Object.entries(bounds).filter(([name]) => parameterAxes(name, plan.layout).length === 0);
  const facts: Facts = new Map(numbers.map(([name, interval]) => [parameter(name), interval]));
  const legaliser = createLegaliser(facts);
  const kernel = new Kernel(plan);
  const writer = new PassWriter(kernel, plan, legaliser, { keeps, relaxed, usual: new Map([...facts, [input('x'), usualElements]]) });
  for (const pass of plan.passes) writer.pass(pass);
  for (const scalar of plan.scalars) writer.scalar(scalar);
  const { parameters, locals } = kernel.builder;
  const main = { name: plan.direction, parameters, results: [], locals, body: kernel.builder.finish() };
  return {
    module: { functions: [main, loadTail, storeTail] },
    arguments: kernel.arguments,
    assumed: Object.fromEntries(numbers.filter(([name]) => legaliser.relied.has(name))),
  };
}

/** Elements beyond these are taken to be rare: code for them is skipped where there are none. */
const usualElements: Interval = [-4, 4];

class PassWriter {
  private readonly gathered = new Map<Statistic, Gathered>();
  private readonly all: readonly number[];
  private readonly kernel: Kernel;
  private readonly plan: Plan;
  private readonly legalise: Legaliser['legalise'];
  private readonly odd: ReadonlySet<Node>;
  /** Values that a loop over a group stores for later loops over it. */
  private readonly spills = new Map<Node, { readonly loop: number; readonly array: FieldArray }>();
  /** Which of the loops over a held group is being written. */
  private loop = 0;
  private gathers = 0;
  private readonly options: Required<Pick<WasmOptions, 'keeps' | 'relaxed'>> & { readonly usual: Facts };
  private readonly isRare: Surroundings['isRare'];

  constructor(kernel: Kernel, plan: Plan, { legalise, odd }: Legaliser, options: PassWriter['options']) {
    this.options = options;
    this.isRare = (condition) => isNever(condition, options.usual);
    this.kernel = kernel;
    this.plan = plan;
    this.legalise = legalise;
    this.odd = odd;
    this.all = plan.layout.shape.map((_, axis) => axis);
  }

  pass({ local, gathers, outputs, scalars }: Pass): void {
    const levels = local?.levels ?? [];
    const held = levels[0]?.[0]?.spanned ?? this.all;
    const roots = [...levels.flat(), ...gathers].map(({ operand }) => operand);
    const written = [...outputs, ...scalars].map(({ expression }) => expression);
    const groupings = [...levels.flat(), ...gathers].map(({ spanned }) => this.kept(spanned));
    const dimensions = dimensionsOf(this.plan.layout.shape, this.all, [
      ...groupings,
      ...this.variations([...roots, ...written]),
    ]);
    const outer = dimensions.filter((dimension) => variesAlong(this.kept(held), dimension));
    const inner = dimensions.slice(outer.length);

    const across = gathers.map((gather) => this.open(gather));
    const last = [...gathers.map(({ operand }) => operand), ...outputs.map(({ expression }) => expression)];
    this.chooseSpills([...levels.map((level) => level.map(({ operand }) => operand)), last], held);
    this.nest(outer, () => {
      for (const [index, level] of levels.entries()) {
        const within = level.map((gather) => this.open(gather, true));
        this.elements(index, inner, within, []);
        for (const each of within) each.finish();
      }
      if (last.length > 0) this.elements(levels.length, inner, across, outputs);
      for (const { name, expression, spanned } of scalars) {
        const array = this.array({ kind: 'scalar', name }, this.kept(spanned));
        const [value] = emit([this.legalise(expression)], this.surroundings(null)) as [Instruction];
        const address = this.kernel.pointer(array, this.kernel.depth);
        this.append(memory('f32.store', 0, address, lane('f32x4.extract_lane', 0, value)));
      }
    });
    for (const each of across) each.finish();
  }

  /** Numbers computed from statistics alone, as a tensor of their own. */
  scalar({ name, expression, spanned }: ScalarOutput): void {
    const kept = this.kept(spanned);
    const dimensions = dimensionsOf(this.plan.layout.shape, [...kept], this.variations([expression]));
    const array = this.array({ kind: 'scalar', name }, kept);
    this.nest(dimensions.slice(0, -1), () => {
      this.kernel.run(dimensions.at(-1) as Dimension, (lanes) => {
        const [value] = emit([this.legalise(expression)], this.surroundings(lanes)) as [Instruction];
        this.kernel.store(array, value, lanes);
      });
    });
  }

  private nest([first, ...rest]: readonly Dimension[], write: () => void): void {
    if (first) this.kernel.loop(first, () => this.nest(rest, write));
    else write();
  }

  /** Goes through the elements of what the open loops have chosen. */
  private elements(
    index: number,
    inner: readonly Dimension[],
    gathers: readonly Gathered[],
    outputs: Pass['outputs'],
  ): void {
    const { kernel } = this;
    const stored = [...this.spills].filter(([, { loop }]) => loop === index);
    this.loop = index;
    const innermost = inner.at(-1) as Dimension;
    const terms = gathers.map(({ gather }) => this.legalise(gather.operand));
    const results = outputs.map(({ expression }) => this.legalise(expression));
    this.nest(inner.slice(0, -1), () => {
      for (const [index, each] of gathers.entries()) {
        const term = terms[index] as Node;
        each.pivot(innermost, (lanes) => emit([term], this.surroundings(lanes))[0] as Instruction);
      }
      for (const each of gathers) each.begin(innermost);
      kernel.run(innermost, (lanes) => {
        const { builder } = kernel;
        const values = emit([...terms, ...results, ...stored.map(([node]) => node)], this.surroundings(lanes));
        for (const [index, each] of gathers.entries()) {
          each.add(get(builder.hold(builder.level, 't', 'v128', values[index] as Instruction)), lanes);
        }
        for (const [index, { name }] of outputs.entries()) {
          const array = this.array({ kind: 'output', name }, new Set(this.all));
          kernel.store(array, values[terms.length + index] as Instruction, lanes);
        }
        for (const [index, [, { array }]] of stored.entries()) {
          kernel.store(array, values[terms.length + results.length + index] as Instruction, lanes);
        }
      });
      for (const each of gathers) each.end();
    });
  }

  /** Decides which values the loops over a held group hand on to later ones, each in an array as long as a group. */
  private chooseSpills(loops: readonly (readonly Node[])[], held: readonly number[]): void {
    this.spills.clear();
    if (loops.length < 2 || !this.options.keeps) return;
    const spanned = new Set(held);
    const variation = variationIn(this.plan.layout);
    const varies = (node: Node): boolean => [...variation(node)].some((axis) => spanned.has(axis));
    const legalised = loops.map((roots) => roots.map((root) => this.legalise(root)));
    for (const [index, { node, loop }] of chooseSpills(legalised, varies).entries()) {
      const argument = { kind: 'scratch', name: `kept${index}`, bytes: 4, spanned: [...this.kept(held)] } as const;
      this.spills.set(node, { loop, array: this.array(argument, spanned) });
    }
  }

  private open(gather: Gather, isHeld = false): Gathered {
    const name = `g${this.gathers++}`;
    const inVariables = isHeld || gather.grouping.groups === 1;
    const gathered = (inVariables ? gatherInVariables : gatherInMemory)(this.kernel, gather, name);
    for (const statistic of gather.statistics) this.gathered.set(statistic, gathered);
    return gathered;
  }

  private surroundings(lanes: Lanes | null): Surroundings {
    const { kernel } = this;
    const statistic = (node: Statistic, reading: Reading): Leaf =>
      (this.gathered.get(node) as Gathered).leaf(reading, lanes);
    return {
      builder: kernel.builder,
      leaf: (node) => {
        const spill = this.spills.get(node);
        if (spill && spill.loop < this.loop) return kernel.leaf(spill.array, lanes);
        switch (node.kind) {
          case 'input':
            return kernel.leaf(this.array({ kind: 'input', name: node.name }, new Set(this.all)), lanes);
          case 'parameter': {
            const variation = new Set(parameterAxes(node.name, this.plan.layout));
            const form = variation.size === 0 ? 'value' : 'array';
            const array = this.array({ kind: 'parameter', name: node.name, form }, variation);
            if (form === 'array') return kernel.leaf(array, lanes);
            return { level: 0, read: () => plain('f32x4.splat', get(array.base)) };
          }
          case 'state': {
            const variation = this.kept(extentAxes(node.extent, this.plan.layout));
            return kernel.leaf(this.array({ kind: 'state', name: node.name }, variation), lanes);
          }
          case 'size': {
            const length = kernel.length(extentAxes(node.extent, this.plan.layout));
            return { level: 0, read: () => plain('f32x4.splat', plain('f32.convert_i32_u', length)) };
          }
        }
        if (!isStatistic(node)) return null;
        const leaf = statistic(node, readingOf(node));
        if (node.kind !== 'count') return leaf;
        return { level: leaf.level, read: () => plain('f32x4.convert_i32x4_u', leaf.read()) };
      },
      odd: this.odd,
      relaxed: this.options.relaxed,
      isRare: this.isRare,
      integer: (node) => (node.kind === 'count' ? statistic(node, 'count') : null),
      centre: (mean, operand) => {
        if (!isStatistic(mean) || mean.kind === 'count' || this.legalise(mean.operand) !== operand) return null;
        if (this.gathered.get(mean)?.gather.kind !== 'moments') return null;
        return { pivot: statistic(mean, 'pivot'), offset: statistic(mean, 'offset') };
      },
    };
  }

  private array(argument: WasmArgument, variation: ReadonlySet<number>): FieldArray {
    return { base: this.kernel.argument(argument), variation, width: 4 };
  }

  /** The axes along which values per group vary. */
  private kept(spanned: readonly number[]): ReadonlySet<number> {
    return new Set(this.all.filter((axis) => !spanned.includes(axis)));
  }

  /** The sets of axes along which the values vary that expressions read besides the elements. */
  private variations(roots: readonly Node[]): ReadonlySet<number>[] {
    const found: ReadonlySet<number>[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === 'parameter') found.push(new Set(parameterAxes(node.name, this.plan.layout)));
      else if (node.kind === 'state' || isStatistic(node)) found.push(this.kept(extentAxes(node.extent, this.plan.layout)));
      else operands(node).forEach(visit);
    };
    roots.forEach(visit);
    return found;
  }

  private append(instruction: Instruction): void {
    this.kernel.builder.append(this.kernel.builder.level, instruction);
  }
}

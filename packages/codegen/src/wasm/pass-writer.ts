/**
 * Each pass is one nest of loops; groups that are held together are gone through once for each level of their statistics
 * and once for the results, while they are in the cache.
 */
import type { Expression, Gather, Node, Pass, Plan, ScalarOutput } from '@isoact/core';
import { variationIn } from '@isoact/core/plan';
import { type Instruction, lane, memory, plain } from './binary/instruction.ts';
import { beyondBounds, emit, emitVersions } from './expression/emit.ts';
import type { Leaves } from './leaves.ts';
import type { Kernel, Lanes } from './loops/kernel.ts';
import { type Dimension, dimensionsOf, variesAlong } from './loops/nest.ts';
import { chooseSpills } from './spill.ts';
import { type Reduced, shareSums } from './statistics/constant-factors.ts';
import { type Gathered, type GatheredInVariables, gatherInVariables } from './statistics/gathered.ts';
import { gatherInMemory } from './statistics/gathered-in-memory.ts';
import type { Versions } from './versions.ts';

/** Writes passes, one after another, into a kernel. */
export class PassWriter {
  private readonly kernel: Kernel;
  private readonly plan: Plan;
  private readonly leaves: Leaves;
  private readonly versions: Versions;
  private readonly keeps: boolean;
  private gathers = 0;

  constructor(kernel: Kernel, plan: Plan, leaves: Leaves, versions: Versions, keeps: boolean) {
    this.kernel = kernel;
    this.plan = plan;
    this.leaves = leaves;
    this.versions = versions;
    this.keeps = keeps;
  }

  pass({ local, gathers, outputs, scalars }: Pass): void {
    const levels = local?.levels ?? [];
    const held = levels[0]?.[0]?.spanned ?? this.leaves.all;
    const statistics = [...levels.flat(), ...gathers];
    const roots = statistics.map(({ operand }) => operand);
    const written = [...outputs, ...scalars].map(({ expression }) => expression);
    const groupings = statistics.map(({ spanned }) => this.leaves.kept(spanned));
    const dimensions = this.leaves.dimensions([...groupings, ...this.leaves.variations([...roots, ...written])]);
    const outer = dimensions.filter((dimension) => variesAlong(this.leaves.kept(held), dimension));
    const inner = dimensions.slice(outer.length);

    const spanned = new Set(held);
    const variation = variationIn(this.plan.layout);
    const varies = (node: Node): boolean => [...variation(node)].some((axis) => spanned.has(axis));
    const shared = shareSums(levels, gathers, varies);
    const across = shared.across.map((gather) => this.open(gather));
    const ofGroups = shared.ofGroups.map(({ gather, factor }) => ({ gathered: this.openHeld(gather), factor }));
    const last = [...across.map(({ gather }) => gather.operand), ...outputs.map(({ expression }) => expression)];
    const loops = [...shared.levels.map((level) => level.map(({ gather }) => gather.operand)), last];
    this.chooseSpills(loops, varies, held);
    this.nest(outer, () => {
      const sums = new Map<Node, GatheredInVariables>();
      for (const [index, level] of shared.levels.entries()) {
        const within = level.map(({ gather }) => this.openHeld(gather));
        this.elements(index, inner, within, []);
        for (const [place, gathered] of within.entries()) {
          const { factor, gather } = level[place] as Reduced;
          gathered.finish(isOne(factor) ? undefined : this.double(factor));
          if (gather.kind === 'sum') sums.set(gather.operand, gathered);
        }
      }
      if (last.length > 0) this.elements(levels.length, inner, across, outputs);
      for (const { gathered, factor } of ofGroups) {
        const sum = (sums.get(gathered.gather.operand) as GatheredInVariables).sum();
        const amount = isOne(factor) ? sum : plain('f64.mul', sum, this.double(factor));
        gathered.addSum(amount, this.kernel.length(held));
      }
      for (const { name, expression, spanned } of scalars) {
        const array = this.leaves.array({ kind: 'scalar', name }, this.leaves.kept(spanned));
        const address = this.kernel.pointer(array, this.kernel.depth);
        this.kernel.builder.append(memory('f32.store', 0, address, this.single(expression)));
      }
    });
    for (const each of [...across, ...ofGroups.map(({ gathered }) => gathered)]) each.finish();
  }

  private general(expression: Expression, lanes: Lanes | null): Instruction {
    return emit([this.versions.general(expression)], this.leaves.surroundings(lanes))[0] as Instruction;
  }

  /** A value that is one for all elements of the group at hand. */
  private single(expression: Expression): Instruction {
    return lane('f32x4.extract_lane', 0, this.general(expression, null));
  }

  private double(expression: Expression): Instruction {
    return plain('f64.promote_f32', this.single(expression));
  }

  /** Numbers computed from statistics alone, as a tensor of their own. */
  scalar({ name, expression, spanned }: ScalarOutput): void {
    const kept = this.leaves.kept(spanned);
    const dimensions = dimensionsOf(this.plan.layout.shape, [...kept], this.leaves.variations([expression]));
    const array = this.leaves.array({ kind: 'scalar', name }, kept);
    this.nest(dimensions.slice(0, -1), () => {
      const write = (lanes: Lanes): void => this.kernel.store(array, this.general(expression, lanes), lanes);
      this.kernel.run(dimensions.at(-1) as Dimension, { write });
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
    const stored = [...this.leaves.spills].filter(([, { loop }]) => loop === index);
    this.leaves.loop = index;
    const innermost = inner.at(-1) as Dimension;
    const roots = [...gathers.map(({ gather }) => gather.operand), ...outputs.map(({ expression }) => expression)];
    const kept = stored.map(([node]) => node);
    const { usual, general, bound } = this.versions;
    const versions = { usual: [...roots.map(usual), ...kept], general: [...roots.map(general), ...kept], bound };
    this.nest(inner.slice(0, -1), () => {
      for (const [index, each] of gathers.entries()) {
        const term = versions.general[index] as Node;
        each.pivot(innermost, (lanes) => emit([term], this.leaves.surroundings(lanes))[0] as Instruction);
      }
      for (const each of gathers) each.begin(innermost);
      const rareLanes = (lanes: Lanes): Instruction | null => beyondBounds(versions, this.leaves.surroundings(lanes));
      const write = (lanes: Lanes): void => {
        const { builder } = kernel;
        const surroundings = this.leaves.surroundings(lanes);
        const values = lanes.isUsual ? emit(versions.usual, surroundings) : emitVersions(versions, surroundings);
        for (const [index, each] of gathers.entries()) {
          each.add(builder.keep(values[index] as Instruction), lanes);
        }
        for (const [index, { name, part }] of outputs.entries()) {
          const array = this.leaves.field('output', name, part);
          kernel.store(array, values[gathers.length + index] as Instruction, lanes);
        }
        for (const [index, [, { array }]] of stored.entries()) {
          kernel.store(array, values[roots.length + index] as Instruction, lanes);
        }
      };
      kernel.run(innermost, { write, rareLanes, sums: gathers.length > 0 });
      for (const each of gathers) each.end();
    });
  }

  /** Decides which values the loops over a held group hand on to later ones, each in an array as long as a group. */
  private chooseSpills(
    loops: readonly (readonly Node[])[],
    varies: (node: Node) => boolean,
    held: readonly number[],
  ): void {
    this.leaves.spills.clear();
    if (loops.length < 2 || !this.keeps) return;
    const legalised = loops.map((roots) => roots.map((root) => this.versions.usual(root)));
    for (const [index, { node, loop }] of chooseSpills(legalised, varies).entries()) {
      const argument = {
        kind: 'scratch',
        name: `kept${index}`,
        bytes: 4,
        spanned: [...this.leaves.kept(held)],
      } as const;
      this.leaves.spills.set(node, { loop, array: this.leaves.array(argument, new Set(held)) });
    }
  }

  private open(gather: Gather): Gathered | GatheredInVariables {
    return gather.grouping.groups === 1
      ? this.openHeld(gather)
      : this.remember(gatherInMemory(this.kernel, gather, `g${this.gathers++}`));
  }

  /** A gather whose groups come one after another. */
  private openHeld(gather: Gather): GatheredInVariables {
    return this.remember(gatherInVariables(this.kernel, gather, `g${this.gathers++}`));
  }

  private remember<T extends Gathered>(gathered: T): T {
    for (const statistic of gathered.gather.statistics) this.leaves.gathered.set(statistic, gathered);
    return gathered;
  }
}

const isOne = (node: Expression): boolean => node.kind === 'constant' && node.value === 1;

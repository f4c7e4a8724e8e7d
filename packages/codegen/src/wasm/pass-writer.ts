/**
 * Each pass is one nest of loops; groups that are held together are gone through once for each level of their statistics
 * and once for the results, while they are in the cache.
 */
import type { Gather, Node, Pass, Plan, ScalarOutput } from '@isoact/core';
import { variationIn } from '@isoact/core/plan';
import { type Instruction, lane, memory } from './binary/instruction.ts';
import { emit, emitVersions } from './expression/emit.ts';
import type { Leaves } from './leaves.ts';
import type { Kernel } from './loops/kernel.ts';
import { type Dimension, dimensionsOf, variesAlong } from './loops/nest.ts';
import { chooseSpills } from './spill.ts';
import { type Gathered, gatherInVariables } from './statistics/gathered.ts';
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
    const roots = [...levels.flat(), ...gathers].map(({ operand }) => operand);
    const written = [...outputs, ...scalars].map(({ expression }) => expression);
    const groupings = [...levels.flat(), ...gathers].map(({ spanned }) => this.leaves.kept(spanned));
    const dimensions = this.leaves.dimensions([...groupings, ...this.leaves.variations([...roots, ...written])]);
    const outer = dimensions.filter((dimension) => variesAlong(this.leaves.kept(held), dimension));
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
        const array = this.leaves.array({ kind: 'scalar', name }, this.leaves.kept(spanned));
        const [value] = emit([this.versions.general(expression)], this.leaves.surroundings(null)) as [Instruction];
        const address = this.kernel.pointer(array, this.kernel.depth);
        this.append(memory('f32.store', 0, address, lane('f32x4.extract_lane', 0, value)));
      }
    });
    for (const each of across) each.finish();
  }

  /** Numbers computed from statistics alone, as a tensor of their own. */
  scalar({ name, expression, spanned }: ScalarOutput): void {
    const kept = this.leaves.kept(spanned);
    const dimensions = dimensionsOf(this.plan.layout.shape, [...kept], this.leaves.variations([expression]));
    const array = this.leaves.array({ kind: 'scalar', name }, kept);
    this.nest(dimensions.slice(0, -1), () => {
      this.kernel.run(dimensions.at(-1) as Dimension, (lanes) => {
        const [value] = emit([this.versions.general(expression)], this.leaves.surroundings(lanes)) as [Instruction];
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
      kernel.run(innermost, (lanes) => {
        const { builder } = kernel;
        const values = emitVersions(versions, this.leaves.surroundings(lanes));
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
      });
      for (const each of gathers) each.end();
    });
  }

  /** Decides which values the loops over a held group hand on to later ones, each in an array as long as a group. */
  private chooseSpills(loops: readonly (readonly Node[])[], held: readonly number[]): void {
    this.leaves.spills.clear();
    if (loops.length < 2 || !this.keeps) return;
    const spanned = new Set(held);
    const variation = variationIn(this.plan.layout);
    const varies = (node: Node): boolean => [...variation(node)].some((axis) => spanned.has(axis));
    const legalised = loops.map((roots) => roots.map((root) => this.versions.usual(root)));
    for (const [index, { node, loop }] of chooseSpills(legalised, varies).entries()) {
      const argument = {
        kind: 'scratch',
        name: `kept${index}`,
        bytes: 4,
        spanned: [...this.leaves.kept(held)],
      } as const;
      this.leaves.spills.set(node, { loop, array: this.leaves.array(argument, spanned) });
    }
  }

  private open(gather: Gather, isHeld = false): Gathered {
    const name = `g${this.gathers++}`;
    const inVariables = isHeld || gather.grouping.groups === 1;
    const gathered = (inVariables ? gatherInVariables : gatherInMemory)(this.kernel, gather, name);
    for (const statistic of gather.statistics) this.leaves.gathered.set(statistic, gathered);
    return gathered;
  }

  private append(instruction: Instruction): void {
    this.kernel.builder.append(instruction);
  }
}

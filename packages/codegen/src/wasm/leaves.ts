/** What expressions read: elements, parameters, state, statistics, and values that an earlier loop has kept. */
import { extentAxes, type Node, operands, type Plan, parameterAxes, partsAxis, type Statistic } from '@isoact/core';
import { isStatistic } from '@isoact/core/plan';
import type { WasmArgument } from './arguments.ts';
import { get, plain } from './binary/instruction.ts';
import type { Leaf, Surroundings } from './expression/surroundings.ts';
import type { FieldArray, Kernel, Lanes } from './loops/kernel.ts';
import { type Dimension, dimensionsOf, single } from './loops/nest.ts';
import { type Gathered, type Reading, readingOf } from './statistics/gathered.ts';
import type { Versions } from './versions.ts';

export class Leaves {
  /** Statistics that are being taken, or have been. */
  readonly gathered = new Map<Statistic, Gathered>();
  /** Values that a loop over a group stores for later loops over it. */
  readonly spills = new Map<Node, { readonly loop: number; readonly array: FieldArray }>();
  /** Which of the loops over a held group is being written. */
  loop = 0;
  readonly all: readonly number[];
  /** The axis along which parts lie, where there are several. */
  private readonly axis: number | undefined;
  private readonly kernel: Kernel;
  private readonly plan: Plan;
  private readonly versions: Versions;
  private readonly relaxed: boolean;

  constructor(kernel: Kernel, plan: Plan, versions: Versions, relaxed: boolean) {
    this.kernel = kernel;
    this.plan = plan;
    this.versions = versions;
    this.relaxed = relaxed;
    this.all = plan.layout.shape.map((_, axis) => axis);
    this.axis = partsAxis(plan.placement.parts, plan.layout);
  }

  /** What expressions find in a vector of elements, or outside of the loops over them. */
  surroundings(lanes: Lanes | null): Surroundings {
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
            if (node.name === 'noise') return kernel.noise(this.field('input', 'x', 0), lanes);
            return kernel.leaf(this.field('input', node.name, node.part), lanes);
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
      odd: this.versions.odd,
      relaxed: this.relaxed,
      integer: (node) => (node.kind === 'count' ? statistic(node, 'count') : null),
      centre: (mean, operand) => {
        if (mean.kind !== 'statistic' || mean.name !== 'mean') return null;
        if (!this.versions.of(mean.operand).includes(operand)) return null;
        if (this.gathered.get(mean)?.gather.kind !== 'moments') return null;
        return { pivot: statistic(mean, 'pivot'), offset: statistic(mean, 'offset') };
      },
    };
  }

  array(argument: WasmArgument, variation: ReadonlySet<number>): FieldArray {
    return { base: this.kernel.argument(argument), variation, width: 4 };
  }

  /** An element-shaped tensor, or one part of y or its upstream gradient. */
  field(kind: 'input' | 'output', name: string, index: number): FieldArray {
    const array = this.array({ kind, name }, new Set(this.all));
    const { axis } = this;
    if (axis === undefined || name !== (kind === 'input' ? 'upstream' : 'y')) return array;
    return { ...array, part: { index, of: this.plan.placement.parts, axis } };
  }

  /** The loops over all elements; what is written in parts lies side by side in the innermost one. */
  dimensions(variations: readonly ReadonlySet<number>[]): Dimension[] {
    const { shape } = this.plan.layout;
    const { axis } = this;
    if (axis === undefined) return dimensionsOf(shape, this.all, variations);
    const dimensions = dimensionsOf(shape, this.all, [...variations, new Set(this.all.slice(0, axis))]);
    return dimensions.at(-1)?.axes.every((each) => each < axis) ? [...dimensions, single] : dimensions;
  }

  /** The axes along which values per group vary. */
  kept(spanned: readonly number[]): ReadonlySet<number> {
    return new Set(this.all.filter((axis) => !spanned.includes(axis)));
  }

  /** The sets of axes along which the values vary that expressions read besides the elements. */
  variations(roots: readonly Node[]): ReadonlySet<number>[] {
    const found: ReadonlySet<number>[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === 'parameter') found.push(new Set(parameterAxes(node.name, this.plan.layout)));
      else if (node.kind === 'state' || isStatistic(node))
        found.push(this.kept(extentAxes(node.extent, this.plan.layout)));
      else operands(node).forEach(visit);
    };
    roots.forEach(visit);
    return found;
  }
}

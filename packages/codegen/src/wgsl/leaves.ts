/**
 * The values that a kernel has at hand: elements, parameters, state, and statistics, whether taken in this kernel or
 * left in the scratch buffer by an earlier one.
 */
import {
  type Expression,
  extentAxes,
  type Gather,
  type Grouping,
  type Layout,
  type Node,
  parameterAxes,
  type Statistic,
} from '@isoact/core';
import { groupingOf, isStatistic } from '@isoact/core/plan';
import { atom, type Term } from '../shader/dialect.ts';
import { type EmitContext, type Leaf, type Rate, rates, type Scope } from '../shader/emitter.ts';
import { accumulatorType, wordsOf } from './accumulator.ts';
import type { KernelBuilder } from './builder.ts';
import { wgslDialect } from './dialect.ts';
import { groupIndex } from './indexing.ts';

/** Where a gathered statistic lies, one value per group. */
export interface Gathered {
  readonly gather: Gather;
  /** Its first word in the scratch buffer. */
  readonly at: number;
}

export type Input = Extract<Node, { kind: 'input' }>;

/** A name for the element of an input. */
export const hintOf = ({ name, part }: Input): string => (part === 0 ? name : `${name}${part + 1}`);

/**
 * Where numbers per group lie in the scratch buffer that a caller's buffer would hold: their first word. A kernel has only so
 * many bindings.
 */
export type Pack = (kind: 'parameter' | 'state', name: string, words: number) => number;

export interface Surroundings {
  readonly builder: KernelBuilder;
  readonly layout: Layout;
  /** Statistics that earlier passes left. */
  readonly gathered: readonly Gathered[];
  /** Where parameters and state are packed; they have buffers of their own if it is not given. */
  readonly pack: Pack | undefined;
  /** The grouping that each unit of this kernel has one group of, named `group` in its text. */
  readonly unitGrouping: Grouping | null;
  /** Text of the element's index in the tensor; null where there are no elements. */
  readonly index: string | null;
  /** The element of an input. */
  readonly element: (input: Input, scope: Scope) => Term;
  /** The value of a node that an earlier loop over the same elements left. */
  readonly kept?: (node: Node) => string | undefined;
}

export interface Leaves {
  readonly context: Pick<EmitContext, 'leaf' | 'centre' | 'integer'>;
  /** Makes known what a gather of this kernel yielded. */
  readonly hold: (gather: Gather, scope: Scope, name: string) => void;
}

/** √variance, which can be within float32 where the variance is not. */
const isDeviation = (node: Node): node is Node & { readonly operand: Statistic } =>
  node.kind === 'unary' &&
  node.name === 'sqrt' &&
  node.operand.kind === 'statistic' &&
  node.operand.name === 'variance';

/** Groupings that are the same whatever axes they came from. */
const groupingKey = ({ dimensions }: Grouping): string => JSON.stringify(dimensions);

export function createLeaves({
  builder,
  layout,
  gathered,
  pack,
  unitGrouping,
  index,
  element,
  kept,
}: Surroundings): Leaves {
  const held = new Map<Gather, { scope: Scope; name: string }[]>();
  const hints = new Map<string, string>();
  const all = layout.shape.map((_, axis) => axis);

  const scopeOf = (scope: Scope, rate: Rate): Scope => {
    let found = scope;
    while (found.rate > rate && found.parent) found = found.parent;
    return found;
  };
  /** One prefix for the uniforms of each grouping. */
  const hintOf = (grouping: Grouping, wish: string): string => {
    const key = groupingKey(grouping);
    const known = hints.get(key);
    if (known) return known;
    const taken = new Set(hints.values());
    let hint = wish;
    for (let n = 2; taken.has(hint); n++) hint = `${wish}${n}`;
    hints.set(key, hint);
    return hint;
  };
  const declare = (scope: Scope, hint: string, value: string): string => {
    const name = builder.names.unique(hint);
    scope.lines.push(builder.declare(name, 'f32', value));
    return name;
  };

  /** How often the group of the element changes, and the text of its index. */
  const place = (grouping: Grouping, hint: string): { rate: Rate; group: string } => {
    if (grouping.groups === 1) return { rate: rates.kernel, group: '0u' };
    if (unitGrouping && groupingKey(unitGrouping) === groupingKey(grouping))
      return { rate: rates.unit, group: 'group' };
    if (index === null)
      throw new TypeError('a number that is not element-shaped must be made of statistics of its own groups');
    return { rate: rates.element, group: groupIndex(index, grouping, hintOf(grouping, hint), builder) };
  };

  const perGroup = (kind: 'parameter' | 'state', name: string, spanned: readonly number[], scope: Scope): Leaf => {
    const grouping = groupingOf(layout.shape, spanned);
    const { rate, group } = place(grouping, name);
    const value = pack
      ? builder.load('f32', `${builder.size(`${name}_at`, pack(kind, name, grouping.groups))} + ${group}`)
      : `${builder.buffer({ kind, name, access: 'read' })}[${group}]`;
    return { rate, term: atom(declare(scopeOf(scope, rate), name, value)) };
  };

  /** The name of a gather's value, loaded if it was left by an earlier pass. */
  const gatheredValue = (gather: Gather, scope: Scope): { rate: Rate; name: string } => {
    for (let each: Scope | undefined = scope; each; each = each.parent) {
      const here = held.get(gather)?.find((entry) => entry.scope === each);
      if (here) return { rate: here.scope.rate, name: here.name };
    }
    const entry = gathered.find((each) => each.gather === gather);
    if (!entry) throw new TypeError(`the statistic over [${gather.spanned}] must be gathered before its use`);
    const type = accumulatorType(gather);
    const { rate, group } = place(gather.grouping, gather.kind);
    const name = builder.names.unique(gather.kind);
    const start = builder.size(`${name}_at`, entry.at);
    const words = wordsOf[type];
    const at = group === '0u' ? start : `${start} + ${words === 1 ? group : `(${group}) * ${words}u`}`;
    const target = scopeOf(scope, rate);
    target.lines.push(builder.declare(name, type, builder.load(type, at)));
    hold(gather, target, name);
    return { rate, name };
  };

  const hold = (gather: Gather, scope: Scope, name: string): void => {
    held.set(gather, [...(held.get(gather) ?? []), { scope, name }]);
  };
  const gatherOf = (node: Statistic): Gather => {
    const known = [...held.keys(), ...gathered.map(({ gather }) => gather)];
    const found = known.find(({ statistics }) => statistics.includes(node));
    if (!found) throw new TypeError(`a ${node.kind} must be gathered before its use`);
    return found;
  };

  const statistic = (node: Statistic, scope: Scope): Leaf => {
    const gather = gatherOf(node);
    const { rate, name } = gatheredValue(gather, scope);
    if (node.kind === 'count') return { rate, term: atom(wgslDialect.toNumber(name)) };
    if (node.name === 'sum') return { rate, term: atom(name) };
    const target = scopeOf(scope, rate);
    if (node.name === 'variance') builder.useMoments('variance');
    if (node.name === 'variance') return { rate, term: atom(declare(target, 'variance', `varianceOf(${name})`)) };
    if (gather.kind === 'moments')
      return { rate, term: atom(declare(target, 'mean', `${name}.pivot + ${name}.offset`)) };
    const size = builder.number(`${hintOfSize(gather.grouping)}_size`, gather.grouping.size);
    return { rate, term: atom(declare(target, 'mean', `${name} / ${size}`)) };
  };

  const deviation = (node: Statistic, scope: Scope): Leaf => {
    const { rate, name } = gatheredValue(gatherOf(node), scope);
    builder.useMoments('deviation');
    return { rate, term: atom(declare(scopeOf(scope, rate), 'deviation', `deviationOf(${name})`)) };
  };

  const hintOfSize = (grouping: Grouping): string => (grouping.groups === 1 ? 'tensor' : hintOf(grouping, 'group'));

  const leaf = (node: Node, scope: Scope): Leaf | null => {
    const earlier = kept?.(node);
    if (earlier && /^\w+$/.test(earlier)) return { rate: rates.element, term: atom(earlier) };
    if (earlier)
      return { rate: rates.element, term: atom(declare(scope, node.kind === 'input' ? node.name : 'kept', earlier)) };
    switch (node.kind) {
      case 'input':
        if (node.name === 'noise' && index !== null) {
          const value = `${builder.useHelper('noiseAt')}(${index}, ${builder.seed(0)}, ${builder.seed(1)})`;
          return { rate: rates.element, term: atom(declare(scope, 'noise', value)) };
        }
        return { rate: rates.element, term: element(node, scope) };
      case 'parameter': {
        if (!layout.parameterShapes?.[node.name])
          return { rate: rates.kernel, term: atom(builder.parameter(node.name)) };
        const kept = new Set(parameterAxes(node.name, layout));
        return perGroup(
          'parameter',
          node.name,
          all.filter((axis) => !kept.has(axis)),
          scope,
        );
      }
      case 'state':
        return perGroup('state', node.name, extentAxes(node.extent, layout), scope);
      case 'size': {
        const grouping = groupingOf(layout.shape, extentAxes(node.extent, layout));
        return { rate: rates.kernel, term: atom(builder.number(`${hintOfSize(grouping)}_size`, grouping.size)) };
      }
      case 'unary':
        return isDeviation(node) ? deviation(node.operand, scope) : null;
      default:
        return isStatistic(node) ? statistic(node, scope) : null;
    }
  };

  return {
    hold,
    context: {
      leaf,
      integer: (node, scope) => {
        if (node.kind !== 'count') return null;
        const { rate, name } = gatheredValue(gatherOf(node), scope);
        return { rate, text: name };
      },
      centre: (mean: Node, scope) => {
        const gather = gatherOf(mean as Extract<Expression, { kind: 'statistic' }>);
        if (gather.kind !== 'moments') return null;
        const { rate, name } = gatheredValue(gather, scope);
        return { rate, pivot: `${name}.pivot`, offset: `${name}.offset` };
      },
    },
  };
}

/** What the emitter needs to write into a kernel. */
export const contextOf = (builder: KernelBuilder, leaves: Leaves): EmitContext => ({
  dialect: builder.dialect,
  names: builder.names,
  useHelper: builder.useHelper,
  useFunction: builder.useFunction,
  ...leaves.context,
});

/** The values that a fragment program has at hand: elements, parameters, state, and statistics of earlier programs. */
import {
  extentAxes,
  type Grouping,
  type Layout,
  type Node,
  type Placement,
  parameterAxes,
  type Statistic,
} from '@isoact/core';
import { groupingOf, isStatistic } from '@isoact/core/plan';
import { atom, type Term } from '../shader/dialect.ts';
import { type EmitContext, type Leaf, type Rate, rates, type Scope } from '../shader/emitter.ts';
import type { GlslBuilder } from './builder.ts';
import { glslDialect, literal } from './dialect.ts';
import { groupIndex, placeInParts } from './indexing.ts';
import { type GatheredTextures, type GlslTexture, yields } from './program.ts';

export interface Surroundings {
  readonly builder: GlslBuilder;
  readonly layout: Layout;
  readonly placement: Placement;
  readonly gathered: readonly GatheredTextures[];
  /** The grouping whose group is known as `group` outside of the loop over elements. */
  readonly unit: Grouping | null;
  /** Text of the element's index in the tensor. */
  readonly index: string;
  /** Whether that is the place that the program writes. */
  readonly isWritten: boolean;
  /** The texture with a value of this node per group, made where there is none yet; null where it is no such node. */
  readonly perGroup: (node: Node) => { readonly texture: GlslTexture; readonly grouping: Grouping } | null;
}

export function createLeaves(surroundings: Surroundings): Pick<EmitContext, 'leaf' | 'centre'> {
  const { builder, layout, placement, gathered, unit, index, isWritten } = surroundings;

  const declared = (scope: Scope, hint: string, value: string): Term => {
    const name = builder.names.unique(hint);
    scope.lines.push(glslDialect.declare(name, 'number', value));
    return atom(name);
  };

  /** How often the group of the element changes, and the text of its index. */
  const place = (grouping: Grouping): { rate: Rate; group: string } => {
    if (grouping.groups === 1) return { rate: rates.kernel, group: '0' };
    if (unit && groupingKey(unit) === groupingKey(grouping)) return { rate: rates.unit, group: 'group' };
    return { rate: rates.element, group: groupIndex(index, grouping) };
  };

  const groupValue = (texture: GlslTexture, hint: string, grouping: Grouping, scope: Scope): Leaf => {
    const { rate, group } = place(grouping);
    return { rate, term: declared(scopeOf(scope, rate), hint, builder.read(texture, group)) };
  };

  const texturesOf = (node: Statistic): GatheredTextures => {
    const found = gathered.find((each) => yields(each, node));
    if (!found) throw new TypeError(`a ${node.kind} must be gathered before its use`);
    return found;
  };

  /** The parts of moments, each read and named once. */
  const part = (found: GatheredTextures, which: 'sum' | 'pivot' | 'peak' | 'squares', scope: Scope): Leaf =>
    groupValue({ kind: 'intermediate', id: found[which] as number }, which, found.gather.grouping, scope);

  const statistic = (node: Statistic, scope: Scope): Leaf => {
    const found = texturesOf(node);
    const { kind, grouping } = found.gather;
    const size = literal(Math.fround(grouping.size));
    if (node.kind === 'count' || node.name === 'sum') return part(found, 'sum', scope);
    if (node.name === 'variance')
      return spread(found, scope, (squares, unitText) => `${squares} / ${size} * ${unitText} * ${unitText}`);
    const sum = part(found, 'sum', scope);
    const target = scopeOf(scope, sum.rate);
    if (kind === 'sum') return { rate: sum.rate, term: declared(target, 'mean', `${sum.term.text} / ${size}`) };
    const pivot = part(found, 'pivot', scope);
    return { rate: sum.rate, term: declared(target, 'mean', `${pivot.term.text} + ${sum.term.text} / ${size}`) };
  };

  const spread = (found: GatheredTextures, scope: Scope, of: (squares: string, unitText: string) => string): Leaf => {
    const squares = part(found, 'squares', scope);
    const peak = part(found, 'peak', scope);
    const target = scopeOf(scope, squares.rate);
    return { rate: squares.rate, term: declared(target, 'spread', of(squares.term.text, peak.term.text)) };
  };

  /** A value that another program has computed for each group. */
  const settled = (node: Node, scope: Scope): Leaf | null => {
    const found = surroundings.perGroup(node);
    return found && groupValue(found.texture, 'settled', found.grouping, scope);
  };

  return {
    leaf: (node, scope) => {
      switch (node.kind) {
        case 'input': {
          if (node.name === 'noise') {
            const value = `${builder.useHelper('noiseAt')}(uint(${index}), ${builder.seed()})`;
            return { rate: rates.element, term: declared(scope, 'noise', value) };
          }
          const own = node.name === 'upstream' ? placeInParts(index, node.part, placement) : index;
          const value = builder.read({ kind: 'input', name: node.name }, isWritten && own === index ? null : own);
          return { rate: rates.element, term: declared(scope, node.name, value) };
        }
        case 'parameter': {
          if (!layout.parameterShapes?.[node.name])
            return { rate: rates.kernel, term: atom(builder.parameter(node.name)) };
          const kept = new Set(parameterAxes(node.name, layout));
          const spanned = layout.shape.flatMap((_, axis) => (kept.has(axis) ? [] : [axis]));
          return groupValue(
            { kind: 'parameter', name: node.name },
            node.name,
            groupingOf(layout.shape, spanned),
            scope,
          );
        }
        case 'state': {
          const grouping = groupingOf(layout.shape, extentAxes(node.extent, layout));
          return groupValue({ kind: 'state', name: node.name }, node.name, grouping, scope);
        }
        case 'size': {
          const { size } = groupingOf(layout.shape, extentAxes(node.extent, layout));
          return { rate: rates.kernel, term: atom(literal(Math.fround(size))) };
        }
        case 'unary':
          // the deviation can be within float32 where the variance is not
          if (!isDeviation(node)) return settled(node, scope);
          return spread(texturesOf(node.operand), scope, (squares, unitText) => {
            const { size } = texturesOf(node.operand).gather.grouping;
            return `sqrt(${squares} / ${literal(Math.fround(size))}) * ${unitText}`;
          });
        default:
          return isStatistic(node) ? statistic(node, scope) : settled(node, scope);
      }
    },
    centre: (mean, scope) => {
      const found = texturesOf(mean as Statistic);
      if (found.gather.kind !== 'moments') return null;
      const [pivot, sum] = [part(found, 'pivot', scope), part(found, 'sum', scope)];
      const offset = `${sum.term.text} / ${literal(Math.fround(found.gather.grouping.size))}`;
      return { rate: sum.rate, pivot: pivot.term.text, offset };
    },
  };
}

/** Groupings that are the same whatever axes they came from. */
export const groupingKey = ({ dimensions }: Grouping): string => JSON.stringify(dimensions);

function scopeOf(scope: Scope, rate: Rate): Scope {
  let found = scope;
  while (found.rate > rate && found.parent) found = found.parent;
  return found;
}

/** √variance. */
const isDeviation = (node: Node): node is Node & { readonly operand: Statistic } =>
  node.kind === 'unary' &&
  node.name === 'sqrt' &&
  node.operand.kind === 'statistic' &&
  node.operand.name === 'variance';

/**
 * From expression graphs to vector instructions. Every value is a vector of four float32: one for each of four elements,
 * or four times the same. A value that is used once stands where it is used; others get a variable.
 */
import { type Node, topologicalOrder } from '@isoact/core';
import { abs, add, input, isNaN, mul } from '@isoact/core/expression';
import { floats, get, type Instruction, type Local, plain, set, when } from '../binary/instruction.ts';
import { type Form, formOf } from './compute.ts';
import type { Surroundings } from './surroundings.ts';

/** Expressions for elements up to a size, and the same for any. */
export interface Versions {
  readonly usual: readonly Node[];
  readonly general: readonly Node[];
  readonly bound: number;
}

/** All bits of the lanes that need the general version; null where there is but one. */
export function beyondBounds({ usual, general, bound }: Versions, surroundings: Surroundings): Instruction | null {
  if (usual.every((node, index) => node === general[index])) return null;
  const [size] = emit([abs(input('x'))], surroundings) as [Instruction];
  // as integers: NaN is beyond all numbers
  return plain('i32x4.gt_s', size, limitOf([...usual, ...general], bound, surroundings));
}

/**
 * Emits both versions, the general one to be run where some lane is beyond the bounds. Each lane takes its own, so that a
 * value's neighbours do not tell in its result.
 */
export function emitVersions(versions: Versions, surroundings: Surroundings): Instruction[] {
  const { builder } = surroundings;
  const { usual, general } = versions;
  const values = emit(usual, surroundings);
  const differing = usual.flatMap((node, index) => (node === general[index] ? [] : [index]));
  const held = differing.map((index) => builder.hold(builder.level, 'v', 'v128', values[index] as Instruction));
  const test = beyondBounds(versions, surroundings);
  if (!test) return values;
  const beyond = builder.keep(test);
  const code = builder.capture(() => {
    const others = emit(
      differing.map((index) => general[index] as Node),
      surroundings,
    );
    for (const [place, local] of held.entries()) {
      builder.append(set(local, plain('v128.bitselect', others[place] as Instruction, get(local), beyond)));
    }
  });
  builder.append(when(anyLane(beyond), code));
  return values.map((value, index) => {
    const place = differing.indexOf(index);
    return place < 0 ? value : get(held[place] as Local);
  });
}

/** One instruction of x64, which takes four for v128.any_true. */
export const anyLane = (truth: Instruction): Instruction => plain('i32x4.bitmask', truth);

/** The bound, and below any size where a statistic is not finite. */
function limitOf(roots: readonly Node[], bound: number, surroundings: Surroundings): Instruction {
  const { builder } = surroundings;
  const limit = builder.once(0, 'bound', () => floats(bound));
  const statistics = topologicalOrder(roots).filter((node) => node.kind === 'statistic');
  if (statistics.length === 0) return limit;
  const lost = isNaN(statistics.map((each) => mul(each, 0)).reduce(add));
  const [isLost] = emit([lost], surroundings) as [Instruction];
  const make = (): Instruction => plain('v128.or', isLost, limit);
  const level = builder.levelOf(lost);
  return level < 0 ? make() : builder.once(level, `bound${lost.id}`, make);
}

/** Emits what the roots need, and gives their values in the innermost block. */
export function emit(roots: readonly Node[], surroundings: Surroundings): Instruction[] {
  const { builder, leaf } = surroundings;
  /** Each node after its operands. */
  const planned = new Map<Node, Form & { readonly level: number; readonly isLeaf: boolean }>();
  const uses = new Map<Node, number>();
  /** The nodes that a block other than their own reads. */
  const shared = new Set<Node>();

  const levelOf = (node: Node): number => planned.get(node)?.level ?? builder.levelOf(node);
  const visit = (node: Node): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
    if (planned.has(node) || builder.lookUp(node)) return;
    const own = leaf(node);
    const form = own ? { operands: [], leaves: [own], make: own.read } : formOf(node, surroundings);
    form.operands.forEach(visit);
    const level = Math.max(0, ...form.operands.map(levelOf), ...form.leaves.map((each) => each.level));
    planned.set(node, { ...form, level, isLeaf: own !== null });
    for (const operand of form.operands) if (levelOf(operand) !== level) shared.add(operand);
  };
  roots.forEach(visit);
  for (const root of roots) if (levelOf(root) !== builder.level) shared.add(root);

  const inline = new Map<Node, Instruction>();
  /** What has been emitted before, as operands are. */
  const value = (node: Node): Instruction => (builder.lookUp(node) ?? inline.get(node)) as Instruction;
  for (const [node, { operands, make, level, isLeaf }] of planned) {
    const instruction = make(level, ...operands.map(value));
    if (instruction.kind === 'get') {
      builder.record(level, node, instruction);
    } else if (isLeaf || shared.has(node) || (uses.get(node) as number) > 1) {
      const name = node.kind === 'input' || node.kind === 'parameter' ? node.name : 't';
      builder.record(level, node, get(builder.hold(level, name, 'v128', instruction)));
    } else {
      inline.set(node, instruction);
    }
  }
  return roots.map(value);
}

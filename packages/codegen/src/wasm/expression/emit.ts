/**
 * From expression graphs to vector instructions. Every value is a vector of four float32: one for each of four elements,
 * or four times the same. A value that is used once stands where it is used; others get a variable.
 */
import type { Expression, Node } from '@isoact/core';
import { get, type Instruction, plain, set, when } from '../binary/instruction.ts';
import { compute, hiddenLeaves, neededOperands } from './compute.ts';
import { chooseSkipped } from './skip.ts';
import type { Leaf, Surroundings } from './surroundings.ts';

type Select = Extract<Expression, { kind: 'select' }>;

/** Emits what the roots need, and gives their values in the innermost block. */
export function emit(roots: readonly Node[], surroundings: Surroundings): Instruction[] {
  const { builder, leaf } = surroundings;
  const levels = new Map<Node, number>();
  const leaves = new Map<Node, Leaf>();
  const order: Node[] = [];
  const uses = new Map<Node, number>();
  /** The nodes that a block other than their own reads. */
  const shared = new Set<Node>();

  const skipped = chooseSkipped(roots, surroundings);

  const visit = (node: Node): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
    if (levels.has(node) || builder.lookUp(node)) return;
    const own = leaf(node);
    if (own) leaves.set(node, own);
    const needed = own ? [] : (skipped.get(node)?.needed ?? neededOperands(node, surroundings));
    for (const operand of needed) visit(operand);
    const hidden = own ? [own] : hiddenLeaves(node, surroundings);
    const level = Math.max(0, ...needed.map(levelOf), ...hidden.map((each) => each.level));
    levels.set(node, level);
    for (const operand of needed) if (levelOf(operand) !== level || skipped.has(node)) shared.add(operand);
    order.push(node);
  };
  const levelOf = (node: Node): number => levels.get(node) ?? builder.levelOf(node);
  roots.forEach(visit);
  for (const root of roots) if (levelOf(root) !== builder.level) shared.add(root);

  const inline = new Map<Node, Instruction>();
  const value = (node: Node): Instruction => {
    const found = builder.lookUp(node) ?? inline.get(node);
    if (!found) throw new TypeError(`the operand ${node.kind} must be emitted before its use`);
    return found;
  };
  for (const node of order) {
    const level = levelOf(node);
    const read = leaves.get(node)?.read;
    const rare = level === builder.level ? skipped.get(node) : undefined;
    const instruction = read ? read() : rare ? skip(rare.select) : compute(node, level, value, surroundings);
    if (isShort(instruction)) {
      builder.record(level, node, instruction);
    } else if (read || shared.has(node) || (uses.get(node) as number) > 1) {
      const name = node.kind === 'input' || node.kind === 'parameter' ? node.name : 't';
      builder.record(level, node, get(builder.hold(level, name, 'v128', instruction)));
    } else {
      inline.set(node, instruction);
    }
  }
  return roots.map(value);

  /** A select whose one branch is computed where the condition holds for some lane. */
  function skip({ condition, whenTrue, whenFalse }: Select): Instruction {
    const { level } = builder;
    const result = builder.hold(level, 't', 'v128', value(whenFalse));
    const code = builder.capture(() => {
      const [inner] = emit([whenTrue], surroundings) as [Instruction];
      builder.append(set(result, plain('v128.bitselect', inner, get(result), value(condition))));
    });
    const any = `any ${condition.id}`;
    if (!builder.lookUp(any)) {
      builder.record(level, any, get(builder.hold(level, 'any', 'i32', plain('v128.any_true', value(condition)))));
    }
    builder.append(when(builder.lookUp(any) as Instruction, code));
    return get(result);
  }
}

const isShort = ({ kind }: Instruction): boolean => kind === 'get';

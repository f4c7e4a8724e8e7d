/**
 * Branches of selects that are hardly ever taken. What is computed for such a branch alone is skipped where no lane takes
 * it; lanes that do take it get what they would get anyway, so a value's neighbours do not tell in its result.
 */
import type { Expression, Node } from '@isoact/core';
import { neededOperands } from './compute.ts';
import type { Surroundings } from './surroundings.ts';
import { weightOf } from './weight.ts';

type Select = Extract<Expression, { kind: 'select' }>;

export interface Skipped {
  readonly select: Select;
  /** What must be at hand before the branch: the condition, the other value, and what the branch shares with others. */
  readonly needed: readonly Node[];
}

/** Instructions from which on a test and a jump are cheaper, beside those that choose. */
const worthwhile = 2;

export function chooseSkipped(roots: readonly Node[], surroundings: Surroundings): ReadonlyMap<Node, Skipped> {
  const { builder, leaf, isRare } = surroundings;
  const isKnown = (node: Node): boolean => builder.lookUp(node) !== undefined;
  const operandsOf = (node: Node): readonly Node[] =>
    isKnown(node) || leaf(node) ? [] : neededOperands(node, surroundings);
  const levels = new Map<Node, number>();
  const candidates = new Set<Select>();
  const isCandidate = (node: Node): node is Select => candidates.has(node as Select);

  /** What is needed whether or not rare branches are taken. */
  const always = (): Set<Node> => {
    const found = new Set<Node>();
    const visit = (node: Node): void => {
      if (found.has(node)) return;
      found.add(node);
      if (isCandidate(node)) [node.condition, node.whenFalse].forEach(visit);
      else operandsOf(node).forEach(visit);
    };
    roots.forEach(visit);
    return found;
  };
  for (const node of always()) {
    if (node.kind !== 'select' || isKnown(node) || !isRare(node.condition)) continue;
    if (levelOf(node) === builder.level) candidates.add(node); // elsewhere it is computed once for all elements
  }
  if (candidates.size === 0) return new Map();

  for (;;) {
    const common = always();
    const own = new Map<Select, ReadonlySet<Node>>();
    for (const select of candidates) {
      // one inside another's branch has its turn there; what two branches share, each computes for itself
      if (common.has(select)) own.set(select, exclusive(select.whenTrue, common));
    }
    const poor = [...own].find(([, nodes]) => weightOfAll(nodes) < worthwhile);
    if (!poor) return new Map([...own].map(([select, nodes]) => [select, { select, needed: border(select, nodes) }]));
    candidates.delete(poor[0]);
  }

  function levelOf(node: Node): number {
    let level = levels.get(node);
    if (level === undefined) {
      const own = isKnown(node) ? builder.levelOf(node) : leaf(node)?.level;
      level = own ?? Math.max(0, ...operandsOf(node).map(levelOf));
      levels.set(node, level);
    }
    return level;
  }

  /** The nodes behind one that nothing else needs. */
  function exclusive(start: Node, common: ReadonlySet<Node>): ReadonlySet<Node> {
    const found = new Set<Node>();
    const visit = (node: Node): void => {
      if (common.has(node) || found.has(node) || isKnown(node) || levelOf(node) < builder.level) return;
      found.add(node);
      operandsOf(node).forEach(visit);
    };
    visit(start);
    return found;
  }

  function border(select: Select, nodes: ReadonlySet<Node>): readonly Node[] {
    const outside = [...nodes].flatMap((node) => operandsOf(node).filter((operand) => !nodes.has(operand)));
    const shared = nodes.has(select.whenTrue) ? outside : [select.whenTrue];
    return [select.condition, select.whenFalse, ...new Set(shared)];
  }
}

const weightOfAll = (nodes: Iterable<Node>): number => [...nodes].reduce((total, node) => total + weightOf(node), 0);

/**
 * What to keep of a loop over a group for a later loop over the same group. A value that both need is stored and read
 * again, if computing it once more, from the other values that are kept, would cost more.
 */
import { type Node, operands } from '@isoact/core';
import { isStatistic } from '@isoact/core/plan';
import { weightOf } from './expression/weight.ts';

/** A value, and which of the loops computes it. */
export interface Spill {
  readonly node: Node;
  readonly loop: number;
}

/** Instructions from which on a store and a load are cheaper. */
const worthwhile = 12;

/** Chooses among the nodes that `varies` says differ between elements; each loop is given by its roots. */
export function chooseSpills(loops: readonly (readonly Node[])[], varies: (node: Node) => boolean): Spill[] {
  const computedIn = new Map<Node, number>();
  const chosen = new Set<Node>();
  loops.forEach((roots, loop) => {
    const candidates = frontier(roots);
    // the cheapest first: what is dropped makes those that it is computed from the more worth keeping
    const queue = [...candidates].sort((a, b) => costOf(a) - costOf(b));
    const kept = new Set(queue);
    for (let node = queue.shift(); node; node = queue.shift()) {
      if (!kept.delete(node)) continue;
      const stops = new Set([...kept, ...chosen]);
      if (costOf(node, stops) >= worthwhile) {
        kept.add(node);
        continue;
      }
      for (const below of frontier(operands(node))) {
        if (kept.has(below)) continue;
        kept.add(below);
        queue.push(below);
      }
    }
    for (const node of kept) chosen.add(node);
    reach(roots, (node) => {
      if (!computedIn.has(node)) computedIn.set(node, loop);
      return !chosen.has(node) || computedIn.get(node) === loop;
    });
  });
  return [...chosen].map((node) => ({ node, loop: computedIn.get(node) as number }));

  /** The first nodes on the way from the roots that an earlier loop has computed at some cost. */
  function frontier(roots: readonly Node[]): Set<Node> {
    const found = new Set<Node>();
    reach(roots, (node) => {
      if (!computedIn.has(node) || costOf(node) < worthwhile) return true;
      found.add(node);
      return false;
    });
    return found;
  }

  /** Instructions for a node, where others may be at hand. */
  function costOf(node: Node, given: ReadonlySet<Node> = new Set()): number {
    let total = 0;
    reach([node], (each) => {
      if (each !== node && given.has(each)) return false;
      total += weightOf(each);
      return true;
    });
    return total;
  }

  /** Visits nodes once each, and what is behind those for which the visitor says so. */
  function reach(roots: readonly Node[], visit: (node: Node) => boolean): void {
    const seen = new Set<Node>();
    const go = (node: Node): void => {
      if (seen.has(node) || isStatistic(node) || !varies(node)) return;
      seen.add(node);
      if (visit(node)) operands(node).forEach(go);
    };
    roots.forEach(go);
  }
}

/**
 * Values that one loop over a unit's elements leaves for a later one: the elements themselves, so that they are read
 * once, and whatever took a function to compute. Lanes that share a unit have registers for them; an invocation that has
 * a whole unit has only the place where its output will be.
 */
import { type Node, operands } from '@isoact/core';
import { isStatistic } from '@isoact/core/plan';

/** The values to keep, given the roots of each loop in order. */
export function chooseKept(loops: readonly (readonly Node[])[]): ReadonlySet<Node> {
  const kept = new Set<Node>();
  const computed = new Set<Node>();
  for (const roots of loops) {
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node) || !isElementwise(node)) return;
      seen.add(node);
      if (computed.has(node) && isWorthKeeping(node)) kept.add(node);
      else if (!isStatistic(node)) operands(node).forEach(visit);
    };
    roots.forEach(visit);
    for (const root of roots) addComputed(root);
  }
  return kept;

  function addComputed(node: Node): void {
    if (computed.has(node)) return;
    computed.add(node);
    if (!isStatistic(node)) for (const operand of operands(node)) addComputed(operand);
  }
}

/** Of these values, those that cannot be had from the others and the inputs by arithmetic alone. */
export function withoutCheap(kept: ReadonlySet<Node>): ReadonlySet<Node> {
  const isAtHand = (node: Node): boolean =>
    kept.has(node) || node.kind === 'input' || !isElementwise(node) || isCheap(node);
  const isCheap = (node: Node): boolean =>
    (node.kind !== 'unary' || free.has(node.name)) && node.kind !== 'input' && operands(node).every(isAtHand);
  return new Set([...kept].filter((node) => node.kind === 'input' || !isCheap(node)));
}

/**
 * The one value to keep where there is room for one: that which saves the later loops most functions. Null where none
 * does.
 */
export function chooseOneKept(loops: readonly (readonly Node[])[]): Node | null {
  let best: Node | null = null;
  let least = functionsOfLoops(loops, null);
  for (const node of chooseKept(loops)) {
    if (!takesFunction(node)) continue;
    const cost = functionsOfLoops(loops, node);
    if (cost < least) [best, least] = [node, cost];
  }
  return best;
}

/** Functions of an element that the loops evaluate, if a value is kept from the first loop that computes it. */
function functionsOfLoops(loops: readonly (readonly Node[])[], kept: Node | null): number {
  let cost = 0;
  let isKept = false;
  for (const roots of loops) {
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node) || !takesFunction(node) || (isKept && node === kept)) return;
      seen.add(node);
      if (node.kind === 'unary' && !free.has(node.name)) cost++;
      operands(node).forEach(visit);
    };
    roots.forEach(visit);
    isKept ||= kept !== null && seen.has(kept);
  }
  return cost;
}

const elementwise = new WeakMap<Node, boolean>();

/** Whether the node reads an element, not merely statistics. */
function isElementwise(node: Node): boolean {
  let known = elementwise.get(node);
  if (known === undefined) {
    known = node.kind === 'input' || (!isStatistic(node) && operands(node).some(isElementwise));
    elementwise.set(node, known);
  }
  return known;
}

const free: ReadonlySet<string> = new Set(['negate', 'absolute', 'floor', 'round', 'sqrt', 'highPart', 'detach']);

/** A number that is read from memory or that takes a function. */
const isWorthKeeping = (node: Node): boolean => isNumber(node) && (node.kind === 'input' || takesFunction(node));

const isNumber = (node: Node): boolean => ['input', 'unary', 'binary', 'select'].includes(node.kind);

const costly = new WeakMap<Node, boolean>();
function takesFunction(node: Node): boolean {
  let known = costly.get(node);
  if (known === undefined) {
    known =
      isElementwise(node) &&
      !isStatistic(node) &&
      ((node.kind === 'unary' && !free.has(node.name)) || operands(node).some(takesFunction));
    costly.set(node, known);
  }
  return known;
}

/**
 * Values that one loop over a unit's elements leaves for a later one in registers: the elements themselves, so that
 * they are read once, and whatever took a function to compute.
 */
import { isStatistic, type Node, operands } from '@isoact/core';

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

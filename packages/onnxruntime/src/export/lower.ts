/**
 * Rewrites a graph so that it holds only functions that ONNX has operators for. What a function is rewritten into is
 * again an expression, so the rules read like the formulas that they are.
 */
import {
  type Expression,
  type FunctionName,
  isAlwaysFinite,
  type Node,
  topologicalOrder,
  type UnaryName,
} from '@isoact/core';
import { mapOperands, mul, unary } from '@isoact/core/expression';
import type { FunctionForms } from './forms.ts';

/** The same graphs with every function replaced that has no operator, down to those that have one. */
export function lower(roots: readonly Expression[], forms: FunctionForms): Expression[] {
  const lowered = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) lowered.set(node, rewrite(node));
  return roots.map((root) => lowered.get(root) as Expression);

  function rewrite(node: Node): Node {
    const loweredOf = <T extends Node>(operand: T): T => lowered.get(operand) as T;
    if (node.kind === 'unary' && isFunction(node.name)) {
      const form = forms[node.name];
      const argument = loweredOf(node.operand);
      if (typeof form === 'function') return lowerOne(form(argument));
      return unary(node.name, form.prepare ? lowerOne(form.prepare(argument)) : argument);
    }
    // a product that cannot meet 0·∞ needs no care
    if (node.kind === 'binary' && node.name === 'vanishingProduct' && isAlwaysFinite(node.left)) {
      return mul(loweredOf(node.left), loweredOf(node.right));
    }
    return mapOperands(node, loweredOf);
  }

  /** What a form makes may itself hold functions that have no operator; its argument is lowered already. */
  function lowerOne(expression: Expression): Expression {
    return lower([expression], forms)[0] as Expression;
  }

  function isFunction(name: UnaryName): name is FunctionName {
    return name in forms;
  }
}

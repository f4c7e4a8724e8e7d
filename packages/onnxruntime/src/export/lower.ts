/**
 * Rewrites a graph so that it holds only functions that ONNX has operators for. What a function is rewritten into is
 * again an expression, so the rules read like the formulas that they are.
 */
import { type Expression, type FunctionName, type Node, topologicalOrder, type UnaryName } from '@isoact/core';
import { mapOperands, unary } from '@isoact/core/expression';

/** An operator of the runtime, and what is done to the argument before where the operator's domain is smaller. */
export interface OperatorForm {
  readonly operator: string;
  readonly prepare?: (t: Expression) => Expression;
}
/** How a function is computed: by an operator, or by an expression of its argument. */
export type FunctionForm = OperatorForm | ((t: Expression) => Expression);
export type FunctionForms = Readonly<Record<FunctionName, FunctionForm>>;

/** The same graphs with every function replaced that has no operator, down to those that have one. */
export function lower(roots: readonly Expression[], forms: FunctionForms): Expression[] {
  const lowered = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) lowered.set(node, rewrite(node));
  return roots.map((root) => lowered.get(root) as Expression);

  function rewrite(node: Node): Node {
    if (node.kind === 'unary' && isFunction(node.name)) {
      const form = forms[node.name];
      const argument = lowered.get(node.operand) as Expression;
      if (typeof form === 'function') return lowerOne(form(argument));
      return unary(node.name, form.prepare ? lowerOne(form.prepare(argument)) : argument);
    }
    return mapOperands(node, <T extends Node>(operand: T): T => lowered.get(operand) as T);
  }

  /** What a form makes may itself hold functions that have no operator; its argument is lowered already. */
  function lowerOne(expression: Expression): Expression {
    return lower([expression], forms)[0] as Expression;
  }

  function isFunction(name: UnaryName): name is FunctionName {
    return name in forms;
  }
}

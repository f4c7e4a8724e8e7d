/** Who makes and who reads each value of a scope, and which values are known constants. */
import type { Model, ModelNode, Scope, TensorView } from './model.ts';
import { evaluatorOf } from './operator-values.ts';
import { tensorValues } from './read-tensor.ts';

export interface ScopeIndex {
  readonly scope: Scope;
  /** The node that makes a value of this scope. */
  producer(name: string): ModelNode | undefined;
  /** How often a value is read, by nodes, by the graphs inside of them, and as an output. */
  uses(name: string): number;
  /** The number that a value is for all elements, if it is a known one. */
  constant(name: string): number | undefined;
  /** The tensor that a value is, if it is an initializer or a Constant. */
  tensor(name: string): TensorView | undefined;
}

/** @param outer the index of the scope around */
export function indexScope(model: Model, scope: Scope, outer?: ScopeIndex): ScopeIndex {
  const producers = new Map<string, ModelNode>();
  const uses = new Map<string, number>();
  const constants = new Map<string, number | undefined>();
  const read = (name: string): void => {
    if (name) uses.set(name, (uses.get(name) ?? 0) + 1);
  };
  for (const node of scope.nodes) {
    for (const name of node.outputs) if (name && !producers.has(name)) producers.set(name, node);
    node.inputs.forEach(read);
    node.captured.forEach(read);
  }
  scope.outputs.forEach(read);

  /** Before IR 4 every initializer had to be an input too; since then, one that is may be overridden by a caller. */
  const isFixed = (name: string): boolean => !scope.inputs.has(name) || model.irVersion < 4;

  const tensor = (name: string): TensorView | undefined => {
    const own = scope.initializers.get(name);
    if (own) return isFixed(name) ? own : undefined;
    const node = producers.get(name);
    if (node) return node.operator === 'Constant' ? node.attributes.get('value')?.tensor : undefined;
    return scope.inputs.has(name) ? undefined : outer?.tensor(name);
  };

  const find = (name: string, depth: number): number | undefined => {
    if (constants.has(name)) return constants.get(name);
    constants.set(name, undefined); // of a cycle, nothing is known
    const value = constantOf(name, depth);
    constants.set(name, value);
    return value;
  };

  function constantOf(name: string, depth: number): number | undefined {
    const view = tensor(name);
    if (view) return tensorValues(model.file, view, 1)?.[0];
    const node = producers.get(name);
    if (!node) return scope.inputs.has(name) ? undefined : outer?.constant(name);
    if (node.operator === 'Constant') {
      return node.attributes.get('value_float')?.float ?? node.attributes.get('value_int')?.integer;
    }
    // exporters leave √2, casts of numbers and the like as nodes
    const isCast = node.domain === '' && (node.operator === 'Cast' || node.operator === 'CastLike');
    const evaluate = isCast ? ([t]: readonly number[]) => t as number : evaluatorOf(node);
    if (!evaluate || depth === 0) return undefined;
    const operands = isCast ? node.inputs.slice(0, 1) : node.inputs; // a CastLike's second tells the type
    const values = operands.map((input) => (input ? find(input, depth - 1) : undefined));
    return values.every((value) => value !== undefined) ? evaluate(values, node) : undefined;
  }

  return {
    scope,
    producer: (name) => producers.get(name),
    uses: (name) => uses.get(name) ?? 0,
    constant: (name) => find(name, 8),
    tensor,
  };
}

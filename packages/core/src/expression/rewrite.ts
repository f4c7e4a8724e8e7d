/** Rebuilding a node over other operands. */
import { applyBinary, applyUnary } from './arithmetic.ts';
import { type Expression, intern, isNode, type Node, type Predicate } from './node.ts';
import { select } from './predicates.ts';

type Mapper = <T extends Expression | Predicate>(operand: T) => T;

/** The same node over mapped operands; constants fold as when it was first built. */
export function mapOperands(node: Node, map: Mapper): Node {
  switch (node.kind) {
    case 'unary':
      return applyUnary(node.operation, map(node.operand));
    case 'binary':
      return applyBinary(node.operation, map(node.left), map(node.right));
    case 'select':
      return select(map(node.condition), map(node.whenTrue), map(node.whenFalse));
    default: {
      const { id: _, ...contents } = node;
      const mapped = Object.entries(contents).map(([field, value]) => [field, isNode(value) ? map(value) : value]);
      return intern(Object.fromEntries(mapped)); // the fields of a node of this kind, in their order
    }
  }
}

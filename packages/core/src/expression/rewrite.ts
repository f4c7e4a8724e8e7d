/** Rebuilding a node over other operands. */
import { binary, select, unary } from './build.ts';
import { type Expression, intern, type Node, type Predicate } from './node.ts';

type Mapper = <T extends Expression | Predicate>(operand: T) => T;

/** The same node over mapped operands; constants fold as when it was first built. */
export function mapOperands(node: Node, map: Mapper): Node {
  switch (node.kind) {
    case 'unary':
      return unary(node.name, map(node.operand));
    case 'binary':
      return binary(node.name, map(node.left), map(node.right));
    case 'select':
      return select(map(node.condition), map(node.whenTrue), map(node.whenFalse));
    case 'statistic':
      return intern({ kind: 'statistic', name: node.name, operand: map(node.operand), extent: node.extent });
    case 'count':
      return intern({ kind: 'count', where: map(node.where), extent: node.extent });
    case 'comparison':
      return intern({ kind: 'comparison', name: node.name, left: map(node.left), right: map(node.right) });
    case 'isNaN':
      return intern({ kind: 'isNaN', operand: map(node.operand) });
    case 'not':
      return intern({ kind: 'not', operand: map(node.operand) });
    case 'both':
    case 'either':
      return intern({ kind: node.kind, left: map(node.left), right: map(node.right) });
    default:
      return node;
  }
}

/** The same node over other operands. */
import {
  type BinaryName,
  binary,
  both,
  type ComparisonName,
  count,
  either,
  equal,
  type Expression,
  isNaN,
  less,
  lessOrEqual,
  mean,
  moments,
  type Node,
  not,
  type Operand,
  type Predicate,
  type StatisticName,
  select,
  sum,
  unary,
} from '@isoact/core';

const comparisons: Record<ComparisonName, (left: Operand, right: Operand) => Predicate> = { less, lessOrEqual, equal };
const statistics: Record<StatisticName, (operand: Expression, extent: Parameters<typeof sum>[1]) => Expression> = {
  sum,
  mean,
  variance: (operand, extent) => moments(operand, extent).variance,
};

/** @param parts the new operands, in the order of `operands(node)`. */
export function withOperands(node: Node, parts: readonly Node[]): Node {
  const [a, b, c] = parts as readonly [Expression, Expression, Expression];
  switch (node.kind) {
    case 'constant':
    case 'input':
    case 'parameter':
    case 'state':
    case 'argument':
    case 'size':
      return node;
    case 'unary':
      return unary(node.name, a);
    case 'binary':
      return binary(node.name satisfies BinaryName, a, b);
    case 'select':
      return select(parts[0] as Predicate, b, c);
    case 'statistic':
      return statistics[node.name](a, node.extent);
    case 'count':
      return count(parts[0] as Predicate, node.extent);
    case 'comparison':
      return comparisons[node.name](a, b);
    case 'isNaN':
      return isNaN(a);
    case 'not':
      return not(parts[0] as Predicate);
    case 'both':
      return both(parts[0] as Predicate, parts[1] as Predicate);
    case 'either':
      return either(parts[0] as Predicate, parts[1] as Predicate);
  }
}

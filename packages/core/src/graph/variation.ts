/** Along which axes a node's values differ. A statistic over axes along which its operand is constant is constant there. */
import { type Node, operands } from '../expression/node.ts';
import { extentAxes, type Layout, parameterAxes } from './geometry.ts';

export type Variation = (node: Node) => ReadonlySet<number>;

/** The axes along which each node of one layout varies, remembered between calls. */
export function variationIn(layout: Layout): Variation {
  const known = new Map<Node, ReadonlySet<number>>();
  const all = layout.shape.map((_, axis) => axis);
  const variation: Variation = (node) => {
    let axes = known.get(node);
    if (!axes) {
      axes = new Set(find(node));
      known.set(node, axes);
    }
    return axes;
  };
  return variation;

  function find(node: Node): readonly number[] {
    switch (node.kind) {
      case 'constant':
      case 'size':
        return [];
      case 'input':
        return all;
      case 'parameter':
        return parameterAxes(node.name, layout);
      case 'state':
        return kept(node.extent, all);
      case 'statistic':
        return kept(node.extent, [...variation(node.operand)]);
      case 'count':
        return kept(node.extent, [...variation(node.where)]);
      case 'argument':
      case 'unary':
      case 'binary':
      case 'select':
      case 'comparison':
      case 'isNaN':
      case 'not':
      case 'both':
      case 'either':
        return operands(node).flatMap((operand) => [...variation(operand)]);
    }
  }

  function kept(extent: Parameters<typeof extentAxes>[0], axes: readonly number[]): readonly number[] {
    const spanned = new Set(extentAxes(extent, layout));
    return axes.filter((axis) => !spanned.has(axis));
  }
}

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
    if (node.kind === 'parameter') return parameterAxes(node.name, layout);
    const axes =
      node.kind === 'input' || node.kind === 'state'
        ? all
        : operands(node).flatMap((operand) => [...variation(operand)]);
    if (!('extent' in node)) return axes;
    const spanned = extentAxes(node.extent, layout);
    return axes.filter((axis) => !spanned.includes(axis));
  }
}

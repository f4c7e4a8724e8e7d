/**
 * Along which axes a node's values differ. ONNX broadcasts as NumPy does, so a field that is constant along an axis is
 * a tensor of length 1 there (or of lower rank), and a sum over that axis has to count it as often as it stands.
 */
import { extentAxes, type Layout, type Node, operands, parameterAxes } from '@isoact/core';

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

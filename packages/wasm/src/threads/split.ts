/**
 * A tensor cut into blocks along its first axis, for threads. Blocks have one size whatever the number of threads, and
 * what they give is put together in their order, so that no result depends on how many threads there are.
 */
import {
  type Activation,
  type Expression,
  elementCount,
  extentAxes,
  type Node,
  type Plan,
  parameterAxes,
  partsAxis,
  type Shape,
  type TensorSpec,
  topologicalOrder,
} from '@isoact/core';
import { isStatistic, plan, scalarOutputs, sequentialTarget } from '@isoact/core/plan';

/** Elements of a block, about, and at least two rows: enough to hide what handing it out costs, few enough for a cache. */
const blockElements = 2 ** 15;

export interface Split {
  /** The axis that is cut. */
  readonly axis: number;
  readonly blocks: number;
  readonly block: Plan;
  /** The shape of the last block. */
  readonly lastShape: Shape;
}

/** How to cut a plan, or null where there is one block only, or where an element's result depends on other blocks. */
export function splitOf(activation: Activation, whole: Plan): Split | null {
  const { shape } = whole.layout;
  const axis = shape.findIndex((length) => length > 1);
  if (axis < 0 || whole.length === 0) return null;
  const length = shape[axis] as number;
  const rows = Math.max(2, Math.round(blockElements / (whole.length / length)));
  const blocks = Math.ceil(length / rows);
  if (blocks < 2 || !isSeparable(whole, axis)) return null;
  const shapeOf = (rows: number): Shape => shape.map((each, index) => (index === axis ? rows : each));
  return {
    axis,
    blocks,
    block: plan(activation, blockSpec(whole.layout as TensorSpec, axis, rows), whole.direction, sequentialTarget),
    lastShape: shapeOf(length - (blocks - 1) * rows),
  };
}

function blockSpec(spec: TensorSpec, axis: number, rows: number): TensorSpec {
  const cut = (shape: Shape, at: number): Shape =>
    shape.map((length, index) => (index === at && length > 1 ? rows : length));
  const parameters = Object.entries(spec.parameterShapes ?? {}).map(([name, shape]) => [
    name,
    cut(shape, axis - (spec.shape.length - shape.length)),
  ]);
  return { ...spec, shape: cut(spec.shape, axis), parameterShapes: Object.fromEntries(parameters) };
}

/** Whether each block gives its own elements, and beside them only sums that add up. */
function isSeparable(whole: Plan, axis: number): boolean {
  const [pass, ...more] = whole.passes;
  if (!pass || more.length > 0) return false;
  // parts lie a block of the axes from theirs on apart
  if ((partsAxis(whole.placement.parts, whole.layout) ?? Number.POSITIVE_INFINITY) <= axis) return false;
  const crosses = (node: Node): boolean => 'extent' in node && extentAxes(node.extent, whole.layout).includes(axis);
  const crossesIn = (root: Node): boolean =>
    topologicalOrder([root]).some((node) => (isStatistic(node) || node.kind === 'size') && crosses(node));
  const isAdditive = (node: Expression): boolean => {
    if (node.kind === 'statistic') return node.name === 'sum' && crosses(node) && !crossesIn(node.operand);
    if (node.kind === 'unary') return node.name === 'negate' && isAdditive(node.operand);
    if (node.kind !== 'binary') return false;
    const { name, left, right } = node;
    if (name === 'add' || name === 'subtract') return isAdditive(left) && isAdditive(right);
    if (name === 'multiply' || name === 'vanishingProduct') {
      return (isAdditive(left) && !crossesIn(right)) || (isAdditive(right) && !crossesIn(left));
    }
    return name === 'divide' && isAdditive(left) && !crossesIn(right);
  };
  return (
    pass.outputs.every(({ expression }) => !crossesIn(expression)) &&
    scalarOutputs(whole).every(({ expression, spanned }) =>
      spanned.includes(axis) ? isAdditive(expression) : !crossesIn(expression),
    )
  );
}

/** Whether a parameter has one value for each position along an axis. */
export const variesAlong = (name: string, { layout }: Plan, axis: number): boolean =>
  parameterAxes(name, layout).includes(axis);

/** Values of a parameter in one block. */
export const valuesOf = (name: string, { layout }: Plan): number =>
  elementCount(parameterAxes(name, layout).map((axis) => layout.shape[axis] as number));

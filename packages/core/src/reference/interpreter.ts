/**
 * The float64 reference: a graph evaluated node by node over whole tensors. Slow and plain on purpose; it is the oracle
 * that every kernel is compared to.
 */
import { evaluateBinary, evaluateComparison, evaluateUnary } from '../expression/evaluate.ts';
import { type Extent, type Node, operands, topologicalOrder } from '../expression/node.ts';
import {
  elementCount,
  elementOf,
  extentAxes,
  type Grouping,
  groupingOf,
  groupOf,
  type Layout,
  parameterAxes,
} from '../graph/geometry.ts';

/** The tensors that a graph reads. */
export interface Bindings {
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
  /** One value, or one per element of the parameter's shape. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  readonly state: Readonly<Record<string, ArrayLike<number>>>;
}

/** A field: `at` gives its value at each element. */
type Field = (index: number) => number;

/**
 * Evaluates graphs over one layout.
 *
 * Values are shared between the roots of one call. A field that is constant over groups is stored once per group.
 */
export function evaluate(roots: readonly Node[], layout: Layout, bindings: Bindings): Field[] {
  const length = elementCount(layout.shape);
  const fields = new Map<Node, Field>();
  const groupings = new Map<string, { grouping: Grouping; group: Field }>();

  for (const node of topologicalOrder(roots)) fields.set(node, evaluateNode(node));
  return roots.map((root) => fields.get(root) as Field);

  function grouped(spanned: readonly number[]): { grouping: Grouping; group: Field } {
    const key = spanned.join();
    let entry = groupings.get(key);
    if (!entry) {
      const grouping = groupingOf(layout.shape, spanned);
      if (grouping.groups === 1) entry = { grouping, group: () => 0 };
      else {
        const groups = Uint32Array.from({ length }, (_, index) => groupOf(index, grouping));
        entry = { grouping, group: (index) => groups[index] as number };
      }
      groupings.set(key, entry);
    }
    return entry;
  }

  function broadcast(values: ArrayLike<number>, spanned: readonly number[]): Field {
    if (values.length === 1) {
      const [value] = [values[0] as number];
      return () => value;
    }
    const { group } = grouped(spanned);
    return (index) => values[group(index)] as number;
  }

  function evaluateNode(node: Node): Field {
    switch (node.kind) {
      case 'constant': {
        const { value } = node;
        return () => value;
      }
      case 'input': {
        const values = bindings.inputs[node.name] as ArrayLike<number>;
        return (index) => values[index] as number;
      }
      case 'parameter': {
        const kept = new Set(parameterAxes(node.name, layout));
        const spanned = layout.shape.flatMap((_, axis) => (kept.has(axis) ? [] : [axis]));
        return broadcast(bindings.parameters[node.name] as ArrayLike<number>, spanned);
      }
      case 'state':
        return broadcast(bindings.state[node.name] as ArrayLike<number>, extentAxes(node.extent, layout));
      case 'size': {
        const { size } = groupingOf(layout.shape, extentAxes(node.extent, layout));
        return () => size;
      }
      case 'statistic': {
        const operand = fields.get(node.operand) as Field;
        return reduce(node.extent, (grouping, group) => statistics[node.name](operand, length, grouping, group));
      }
      case 'count': {
        const where = fields.get(node.where) as Field;
        return reduce(node.extent, (grouping, group) => sums(where, length, grouping, group));
      }
      case 'argument':
        throw new TypeError('a library function is not evaluated over tensors');
      default:
        return stored(node);
    }
  }

  function reduce(extent: Extent, take: (grouping: Grouping, group: Field) => Float64Array): Field {
    const spanned = extentAxes(extent, layout);
    const { grouping, group } = grouped(spanned);
    return broadcast(take(grouping, group), spanned);
  }

  /** An elementwise node, computed once for every element; a node of constant fields is computed once in all. */
  function stored(node: Node): Field {
    const compute = elementwise(node);
    if (varies(node)) {
      const values = new Float64Array(length);
      for (let index = 0; index < length; index++) values[index] = compute(index);
      return (index) => values[index] as number;
    }
    const value = compute(0);
    return () => value;
  }

  function varies(node: Node): boolean {
    if (node.kind === 'input') return true;
    if (node.kind === 'parameter') return (bindings.parameters[node.name] as ArrayLike<number>).length > 1;
    if (node.kind === 'state') return (bindings.state[node.name] as ArrayLike<number>).length > 1;
    if (node.kind === 'statistic' || node.kind === 'count') {
      return groupingOf(layout.shape, extentAxes(node.extent, layout)).groups > 1;
    }
    return operands(node).some(varies);
  }

  function elementwise(node: Node): Field {
    const [first, second, third] = operands(node).map((operand) => fields.get(operand) as Field) as [
      Field,
      Field,
      Field,
    ];
    switch (node.kind) {
      case 'unary':
        return (index) => evaluateUnary(node.name, first(index));
      case 'binary':
        return (index) => evaluateBinary(node.name, first(index), second(index));
      case 'comparison':
        return (index) => Number(evaluateComparison(node.name, first(index), second(index)));
      case 'select':
        return (index) => (first(index) ? second(index) : third(index));
      case 'isNaN':
        return (index) => Number(Number.isNaN(first(index)));
      case 'not':
        return (index) => 1 - first(index);
      case 'both':
        return (index) => first(index) && second(index);
      case 'either':
        return (index) => first(index) || second(index);
      default:
        throw new TypeError(`${node.kind} is not elementwise`);
    }
  }
}

/** Sums per group, compensated (Neumaier 1974); a sum that is not finite is the plain one. */
function sums(field: Field, length: number, { groups }: Grouping, group: Field): Float64Array {
  const totals = new Float64Array(groups);
  const corrections = new Float64Array(groups);
  for (let index = 0; index < length; index++) {
    const g = group(index);
    const value = field(index);
    const total = totals[g] as number;
    const next = total + value;
    const lost = Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    totals[g] = next;
    corrections[g] = (corrections[g] as number) + lost;
  }
  return totals.map((total, g) => (Number.isFinite(total) ? total + (corrections[g] as number) : total));
}

/** Means per group, of the distances to a finite element of the group: a constant group has exactly its own value. */
function means(field: Field, length: number, grouping: Grouping, group: Field): Float64Array {
  const pivots = new Float64Array(grouping.groups);
  for (let g = 0; g < grouping.groups && length > 0; g++) pivots[g] = finiteOr0(field(elementOf(g, 0, grouping)));
  const distance: Field = (index) => field(index) - (pivots[group(index)] as number);
  return sums(distance, length, grouping, group).map((total, g) => (pivots[g] as number) + total / grouping.size);
}

const statistics = {
  sum: sums,
  mean: means,
  /** Centred; +∞ for a group that holds an infinity and no NaN. */
  variance: (field, length, grouping, group) => {
    const centres = means(field, length, grouping, group);
    const squaredDistance: Field = (index) => {
      const value = field(index);
      if (Math.abs(value) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
      return (value - finiteOr0(centres[group(index)] as number)) ** 2;
    };
    return sums(squaredDistance, length, grouping, group).map((total) => total / grouping.size);
  },
} satisfies Record<string, typeof sums>;

const finiteOr0 = (value: number): number => (Number.isFinite(value) ? value : 0);

/**
 * The float64 reference: a graph evaluated node by node over whole tensors. Slow and plain on purpose; it is the oracle
 * that every kernel is compared to, and finds the groups of a statistic axis by axis, as no kernel does.
 */
import {
  type Extent,
  type LogicalOperation,
  type Node,
  operands,
  type StatisticOperation,
  topologicalOrder,
} from '../expression/node.ts';
import { compensatedSum } from '../expression/statistics.ts';
import { elementCount, extentAxes, type Layout, type Shape } from '../graph/geometry.ts';
import { placeInParts, placementOf } from '../graph/parts.ts';

/** The tensors that a graph reads; one of several parts is as many times as long as x. */
export interface Bindings {
  readonly inputs: Readonly<Record<string, ArrayLike<number> | undefined>>;
  /** One value, or one per element of the parameter's shape. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  readonly state: Readonly<Record<string, ArrayLike<number>>>;
}

/** Gives the value at each element. */
export type Field = (index: number) => number;

/** The group of each element, and how many there are, when the `spanned` axes lie inside a group. */
export function groupsOf(shape: Shape, spanned: readonly number[]): { count: number; of: (index: number) => number } {
  const kept = shape.flatMap((length, axis) =>
    spanned.includes(axis) ? [] : [{ length, inner: elementCount(shape.slice(axis + 1)) }],
  );
  return {
    count: elementCount(kept.map(({ length }) => length)),
    of: (index) => kept.reduce((group, { length, inner }) => group * length + (Math.floor(index / inner) % length), 0),
  };
}

/**
 * Evaluates graphs over one layout. Values are shared between the roots of one call; a field that is constant over
 * groups is stored once per group.
 */
export function evaluate(roots: readonly Node[], layout: Layout, bindings: Bindings): Field[] {
  const length = elementCount(layout.shape);
  const fields = new Map<Node, Field>();
  const uniform = new Set<Field>();
  const fieldOf = (node: Node): Field => fields.get(node) as Field; // operands come before what reads them

  for (const node of topologicalOrder(roots)) fields.set(node, evaluateNode(node));
  return roots.map(fieldOf);

  function evaluateNode(node: Node): Field {
    switch (node.kind) {
      case 'constant':
        return everywhere(node.value);
      case 'input': {
        const { name, draw, part } = node;
        const values = (bindings.inputs[name] ?? draw?.(length, bindings.state.seed ?? [])) as ArrayLike<number>;
        const placement = placementOf(values.length / length || 1, layout);
        return (index) => values[placeInParts(index, part, placement)] as number;
      }
      case 'parameter':
        return perGroup(bindings.parameters[node.name] as ArrayLike<number>, { broadcastOf: node.name });
      case 'state':
        return perGroup(bindings.state[node.name] as ArrayLike<number>, node.extent);
      case 'size':
        return everywhere(length / grouped(node.extent).count);
      case 'statistic':
        return reduce(node.extent, node.operation.evaluate, fieldOf(node.operand));
      case 'count':
        return reduce(node.extent, compensatedSum, fieldOf(node.where));
      default: {
        const { operation } = node as Exclude<typeof node, { kind: 'argument' }>; // which no definition has
        return elementwise(operation.evaluate, operands(node).map(fieldOf));
      }
    }
  }

  function grouped(extent: Extent): ReturnType<typeof groupsOf> {
    return groupsOf(layout.shape, extentAxes(extent, layout));
  }

  function everywhere(value: number): Field {
    const field = () => value;
    uniform.add(field);
    return field;
  }

  function perGroup(values: ArrayLike<number>, extent: Extent): Field {
    if (values.length === 1) return everywhere(values[0] as number);
    const { of } = grouped(extent);
    return (index) => values[of(index)] as number;
  }

  function reduce(extent: Extent, take: StatisticOperation['evaluate'], field: Field): Field {
    const { count, of } = grouped(extent);
    if (count === 1) return everywhere(take(length, field));
    const groups = Array.from({ length: count }, (): number[] => []);
    for (let index = 0; index < length; index++) groups[of(index)]?.push(index);
    const values = groups.map((group) => take(group.length, (k) => field(group[k] as number)));
    return perGroup(values, extent);
  }

  /** Computed once for every element; of constant fields it is computed once in all. */
  function elementwise(compute: LogicalOperation['evaluate'], read: readonly Field[]): Field {
    const [a, b, c] = read as [Field, Field, Field]; // as many as `compute` takes
    const at: Field = (index) => Number(compute(a(index), b?.(index), c?.(index)));
    if (read.every((field) => uniform.has(field))) return everywhere(at(0));
    const values = new Float64Array(length);
    for (let index = 0; index < length; index++) values[index] = at(index);
    return (index) => values[index] as number;
  }
}

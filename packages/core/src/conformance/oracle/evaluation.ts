/**
 * Graphs evaluated in float64 over a whole tensor, block by block: nothing but the statistics is kept, so that a graph
 * of a thousand nodes over a million elements costs no memory, and the roots can be asked for at a sample of elements.
 */
import type { Expression, Node, Predicate } from '../../expression/node.ts';
import { elementCount, type Layout, parameterAxes } from '../../graph/geometry.ts';
import { takePart } from '../parts.ts';
import { createGatherer, type Gatherer, largest32, saturate } from './gather.ts';
import { type Groups, groupsOfAxes, groupsOfExtent } from './groups.ts';
import { blockLength, passesFor, programFor, type Step } from './program.ts';
import { gatheredOf, type Maxima, meanBeside } from './schedule.ts';

export interface Tensors {
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
  /** One value, or one per element of the parameter's shape. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  readonly state?: Readonly<Record<string, ArrayLike<number>>> | undefined;
}

export interface EvaluationOptions {
  readonly maxima?: Maxima;
  /** The elements that statistics are taken over; all of them unless given. */
  readonly over?: Uint32Array;
  /** How many elements each of `over` stands for. Default 1. */
  readonly scale?: number;
  /** How statistics are gathered; other ways than the right one make mutants. */
  readonly gather?: typeof createGatherer;
  /** Statistics that are known already, one value per group. */
  readonly known?: ReadonlyMap<Node, Float64Array>;
  /** Predicates that are turned round at the elements marked with 1. */
  readonly flips?: ReadonlyMap<Predicate, Uint8Array>;
  /**
   * Whether numbers beyond float32's range count as infinite in statistics: their terms, each step to a term, and
   * their results. A factor that is constant over a sum may be taken out of it, and what is left of a term may be
   * beyond the range although the term is not.
   */
  readonly saturated?: boolean;
  /** What sums are whose terms' magnitudes add up to more than float32's range; themselves unless given. */
  readonly partialSum?: number;
}

export interface Evaluation {
  /** The values of the nodes at the elements, all of them unless given; the nodes must be among the roots. */
  at(nodes: readonly Node[], elements?: Uint32Array): Float64Array[];
  /** Whether some statistic left float32's range, or in a saturated evaluation a step to one of its terms. */
  readonly overflowed: boolean;
  /** Whether some sum did not, but could on its way, in some order of its additions. */
  readonly mayOverflow: boolean;
  readonly statistics: ReadonlyMap<Node, Float64Array>;
}

export function evaluateOver(
  roots: readonly Node[],
  layout: Layout,
  tensors: Tensors,
  options: EvaluationOptions = {},
): Evaluation {
  const length = elementCount(layout.shape);
  const maxima = options.maxima ?? new Map();
  const statistics = new Map<Node, Float64Array>(options.known);
  const groupings = new Map<string, Groups>();
  const leaves = new Map<Node, Leaf>();
  const flipped = new Set<Node>(options.flips?.keys());
  let overflowed = false;
  let mayOverflow = false;

  for (const pass of passesFor(roots, maxima)) {
    const missing = pass.filter(({ node }) => !statistics.has(node));
    if (missing.length === 0) continue;
    const gatherers = missing.map(({ kind, node, extent }) =>
      (options.gather ?? createGatherer)(
        kind,
        groupsOf(extent),
        {
          saturated: options.saturated ?? false,
          scale: options.scale ?? 1,
          partialSum: options.partialSum,
          onOverflow: () => {
            overflowed = true;
          },
          onPossibleOverflow: () => {
            mayOverflow = true;
          },
        },
        kind === 'variance' ? (statistics.get(meanBeside(node)) as Float64Array) : null,
      ),
    );
    forEachBlock(
      missing.map(({ operand }) => operand),
      options.over,
      (elements, start, count, registers) => {
        gatherers.forEach((gatherer, k) => {
          const register = registers[k] as Float64Array;
          for (let i = 0; i < count; i++)
            gatherer.add(elements ? (elements[start + i] as number) : start + i, register[i] as number);
        });
      },
      options.saturated ? saturateSteps : undefined,
    );
    for (const [k, { node }] of missing.entries()) statistics.set(node, (gatherers[k] as Gatherer).finish());
  }

  return {
    statistics,
    get overflowed() {
      return overflowed;
    },
    get mayOverflow() {
      return mayOverflow;
    },
    at: (nodes, elements) => {
      const results = nodes.map(() => new Float64Array(elements?.length ?? length));
      forEachBlock(nodes, elements, (_, start, count, registers) => {
        for (const [k, result] of results.entries()) copyTo(result, start, registers[k] as Float64Array, count);
      });
      return results;
    },
  };

  function groupsOf(extent: Parameters<typeof groupsOfExtent>[0]): Groups {
    const key = JSON.stringify(extent);
    let groups = groupings.get(key);
    if (!groups) {
      groups = groupsOfExtent(extent, layout);
      groupings.set(key, groups);
    }
    return groups;
  }

  function forEachBlock(
    targets: readonly Node[],
    elements: Uint32Array | undefined,
    visit: (
      elements: Uint32Array | undefined,
      start: number,
      count: number,
      registers: readonly Float64Array[],
    ) => void,
    afterStep?: (out: Float64Array, count: number) => void,
  ): void {
    const total = elements?.length ?? length;
    const { uniform, varying, outputs } = programFor(targets, (leaf) => leafOf(leaf).groups === null, flipped);
    for (const { node, loop, out, a, b, c } of uniform) {
      const count = Math.min(blockLength, total);
      if (loop) loop(out, a, b, c, count);
      else out.fill(leafOf(node).values[0] as number, 0, count);
    }
    const readers = varying.map(({ node, loop }) => (loop ? null : leafOf(node)));
    for (let start = 0; start < total; start += blockLength) {
      const count = Math.min(blockLength, total - start);
      for (let k = 0; k < varying.length; k++) {
        const { node, loop, out, a, b, c } = varying[k] as Step;
        if (loop) loop(out, a, b, c, count);
        else readLeaf(readers[k] as Leaf, out, elements, start, count);
        if (flipped.has(node)) flip(out, options.flips?.get(node as Predicate) as Uint8Array, elements, start, count);
        afterStep?.(out, count);
      }
      visit(elements, start, count, outputs);
    }
  }

  function saturateSteps(out: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const value = out[i] as number;
      if (!(Math.abs(value) > largest32)) continue;
      overflowed ||= Number.isFinite(value);
      out[i] = saturate(value);
    }
  }

  function leafOf(node: Node): Leaf {
    let leaf = leaves.get(node);
    if (!leaf) {
      leaf = makeLeaf(node);
      leaves.set(node, leaf);
    }
    return leaf;
  }

  /** A node whose values are there to be read, whatever they were computed from. */
  function makeLeaf(node: Node): Leaf {
    const grouped = (values: ArrayLike<number>, groups: () => Groups): Leaf => ({
      values,
      groups: values.length === 1 ? null : groups(),
    });
    if (gatheredOf(node, maxima)) {
      return grouped(statistics.get(node) as Float64Array, () =>
        groupsOf((node as Extract<Expression, { extent: unknown }>).extent),
      );
    }
    switch (node.kind) {
      case 'constant':
        return { values: [node.value], groups: null };
      case 'input': {
        const values = tensors.inputs[node.name] as ArrayLike<number>;
        return { values: values.length === length ? values : partOf(values, node.part, layout), groups: 'elements' };
      }
      case 'parameter': {
        const values = tensors.parameters[node.name] as ArrayLike<number>;
        return grouped(values, () => {
          const kept = new Set(parameterAxes(node.name, layout));
          return groupsOfAxes(
            layout.shape.flatMap((_, axis) => (kept.has(axis) ? [] : [axis])),
            layout,
          );
        });
      }
      case 'state':
        return grouped(tensors.state?.[node.name] as ArrayLike<number>, () => groupsOf(node.extent));
      case 'size':
        return { values: [groupsOf(node.extent).size], groups: null };
      default:
        throw new TypeError(`${node.kind} is no leaf`);
    }
  }
}

/** Values that are there to be read: one for all elements, one for each, or one for each group. */
interface Leaf {
  readonly values: ArrayLike<number>;
  readonly groups: null | 'elements' | Groups;
}

function readLeaf(
  { values, groups }: Leaf,
  out: Float64Array,
  at: Uint32Array | undefined,
  start: number,
  count: number,
): void {
  if (groups === null || groups === 'elements') {
    if (at) for (let i = 0; i < count; i++) out[i] = values[at[start + i] as number] as number;
    else for (let i = 0; i < count; i++) out[i] = values[start + i] as number;
    return;
  }
  const { of } = groups;
  for (let i = 0; i < count; i++) out[i] = values[of(at ? (at[start + i] as number) : start + i)] as number;
}

function copyTo(result: Float64Array, start: number, register: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) result[start + i] = register[i] as number;
}

function flip(
  register: Float64Array,
  flips: Uint8Array,
  at: Uint32Array | undefined,
  start: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    if (flips[at ? (at[start + i] as number) : start + i]) register[i] = 1 - (register[i] as number);
  }
}

/** The values of one part, in the order of x. */
function partOf(values: ArrayLike<number>, part: number, layout: Layout): Float64Array {
  const length = elementCount(layout.shape);
  return takePart(new Float64Array(length), values, part, values.length / length, layout);
}

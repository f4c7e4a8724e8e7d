/**
 * Graphs evaluated in float64 over a whole tensor, block by block: nothing but the statistics is kept, so that a graph
 * of a thousand nodes over a million elements costs no memory, and the roots can be asked for at a sample of elements.
 */
import { evaluateBinary, evaluateComparison, evaluateUnary } from '../../expression/evaluate.ts';
import { type Expression, type Node, operands, type Predicate } from '../../expression/node.ts';
import { elementCount, type Layout, parameterAxes } from '../../graph/geometry.ts';
import { createGatherer, type Gatherer } from './gather.ts';
import { type Groups, groupsOfAxes, groupsOfExtent } from './groups.ts';
import { elementwiseOrder, gatheredOf, type Maxima, meanBeside, scheduleOf } from './schedule.ts';

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
  /** Whether statistics beyond float32's range count as infinite. */
  readonly saturated?: boolean;
}

export interface Evaluation {
  /** The values of the nodes at the elements, all of them unless given; the nodes must be among the roots. */
  at(nodes: readonly Node[], elements?: Uint32Array): Float64Array[];
  /** Whether some statistic left float32's range. */
  readonly overflowed: boolean;
  readonly statistics: ReadonlyMap<Node, Float64Array>;
}

const blockLength = 512;

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
  let overflowed = false;

  for (const pass of scheduleOf(roots, maxima).passes) {
    const missing = pass.filter(({ node }) => !statistics.has(node));
    if (missing.length === 0) continue;
    const gatherers = missing.map(({ kind, node, extent }) =>
      (options.gather ?? createGatherer)(
        kind,
        groupsOf(extent),
        {
          saturated: options.saturated ?? false,
          scale: options.scale ?? 1,
          onOverflow: () => {
            overflowed = true;
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
    );
    for (const [k, { node }] of missing.entries()) statistics.set(node, (gatherers[k] as Gatherer).finish());
  }

  return {
    statistics,
    get overflowed() {
      return overflowed;
    },
    at: (nodes, elements) => {
      const results = nodes.map(() => new Float64Array(elements?.length ?? length));
      forEachBlock(nodes, elements, (_, start, count, registers) => {
        for (const [k, result] of results.entries())
          result.set((registers[k] as Float64Array).subarray(0, count), start);
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
    visit: (elements: Uint32Array | undefined, start: number, count: number, registers: Float64Array[]) => void,
  ): void {
    const total = elements?.length ?? length;
    const registers = new Map<Node, Float64Array>();
    const uniform = new Set<Node>();
    const steps: ((start: number, count: number) => void)[] = [];
    for (const node of elementwiseOrder(targets)) {
      const register = new Float64Array(Math.min(blockLength, total));
      registers.set(node, register);
      const step = stepOf(node, register, registers, elements);
      const flips = options.flips?.get(node as Predicate);
      if (step.uniform && !flips) {
        uniform.add(node);
        step.run(0, register.length);
      } else {
        steps.push(step.run);
        if (flips) steps.push((start, count) => flip(register, flips, elements, start, count));
      }
    }
    const outputs = targets.map((target) => registers.get(target) as Float64Array);
    for (let start = 0; start < total; start += blockLength) {
      const count = Math.min(blockLength, total - start);
      for (const step of steps) step(start, count);
      visit(elements, start, count, outputs);
    }

    function stepOf(
      node: Node,
      out: Float64Array,
      known: ReadonlyMap<Node, Float64Array>,
      at: Uint32Array | undefined,
    ): { uniform: boolean; run: (start: number, count: number) => void } {
      const leaf = leafOf(node);
      if (leaf) return { uniform: leaf.uniform, run: readLeaf(leaf.read, out, at) };
      const inputs = operands(node);
      return {
        uniform: inputs.every((operand) => uniform.has(operand)),
        run: elementwise(
          node,
          out,
          inputs.map((operand) => known.get(operand) as Float64Array),
        ),
      };
    }
  }

  /** A node whose values are there to be read, whatever they were computed from. */
  function leafOf(node: Node): { uniform: boolean; read: (index: number) => number } | null {
    const grouped = (values: ArrayLike<number>, groups: () => Groups) => {
      if (values.length === 1) return { uniform: true, read: () => values[0] as number };
      const { of } = groups();
      return { uniform: false, read: (index: number) => values[of(index)] as number };
    };
    if (gatheredOf(node, maxima)) {
      return grouped(statistics.get(node) as Float64Array, () =>
        groupsOf((node as Extract<Expression, { extent: unknown }>).extent),
      );
    }
    switch (node.kind) {
      case 'constant':
        return { uniform: true, read: () => node.value };
      case 'input': {
        const values = tensors.inputs[node.name] as ArrayLike<number>;
        return { uniform: false, read: (index) => values[index] as number };
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
      case 'size': {
        const { size } = groupsOf(node.extent);
        return { uniform: true, read: () => size };
      }
      default:
        return null;
    }
  }
}

const readLeaf =
  (read: (index: number) => number, out: Float64Array, at: Uint32Array | undefined) =>
  (start: number, count: number): void => {
    for (let i = 0; i < count; i++) out[i] = read(at ? (at[start + i] as number) : start + i);
  };

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

/** Fills `out` from the operands' registers; predicates are 0 or 1. */
function elementwise(
  node: Node,
  out: Float64Array,
  [first, second, third]: readonly Float64Array[],
): (start: number, count: number) => void {
  const [a, b, c] = [first as Float64Array, second as Float64Array, third as Float64Array];
  const each = (compute: (i: number) => number) => (_: number, count: number) => {
    for (let i = 0; i < count; i++) out[i] = compute(i);
  };
  switch (node.kind) {
    case 'unary':
      return each((i) => evaluateUnary(node.name, a[i] as number));
    case 'binary':
      if (node.name === 'add') return each((i) => (a[i] as number) + (b[i] as number));
      if (node.name === 'multiply') return each((i) => (a[i] as number) * (b[i] as number));
      return each((i) => evaluateBinary(node.name, a[i] as number, b[i] as number));
    case 'comparison':
      return each((i) => Number(evaluateComparison(node.name, a[i] as number, b[i] as number)));
    case 'select':
      return each((i) => (a[i] ? (b[i] as number) : (c[i] as number)));
    case 'isNaN':
      return each((i) => Number(Number.isNaN(a[i])));
    case 'not':
      return each((i) => 1 - (a[i] as number));
    case 'both':
      return each((i) => (a[i] as number) * (b[i] as number));
    case 'either':
      return each((i) => Math.max(a[i] as number, b[i] as number));
    default:
      throw new TypeError(`${node.kind} is not elementwise`);
  }
}

/**
 * From graphs to passes over memory.
 *
 * A statistic of a contiguous group that fits a workgroup is *local*: the workgroup that holds the group computes it
 * in place, whatever pass it is in. Every other statistic is *gathered*: a pass reads the elements it needs, and the
 * value is there for the passes after it. So each root gets the earliest pass in which all that it reads is known.
 */
import type { TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { type Expression, type Node, operands, type Statistic, topologicalOrder } from '../expression/node.ts';
import { isCentring } from '../graph/analysis.ts';
import { elementCount, extentAxes, type Layout } from '../graph/geometry.ts';
import { type Grouping, groupingOf } from '../graph/grouping.ts';
import { type Placement, placementOf } from '../graph/parts.ts';
import { type Direction, type Root, rootsOf } from '../graph/roots.ts';
import { hoistFactors } from './hoist.ts';
import type { Target } from './target.ts';

/** Statistics that one accumulation yields: a sum, a count, or the mean and variance of one operand. */
export interface Gather {
  /** Moments are taken about a pivot: of operands whose variance is read, or the distance to their mean. */
  readonly kind: 'sum' | 'count' | 'moments';
  /** What is summed or counted. */
  readonly operand: Node;
  /** The statistics it yields. */
  readonly statistics: readonly Statistic[];
  readonly grouping: Grouping;
  /** The axes inside a group. */
  readonly spanned: readonly number[];
}

/** A part of 'y' of a forward, see `Placement`; 'x' of a vjp. */
export type Output = Pick<Root, 'name' | 'part' | 'expression'>;

/** One reading of the tensor. */
export interface Pass {
  /** Groups that lie together and are held on chip; `levels` are their statistics, each level needing those before. */
  readonly local: { readonly grouping: Grouping; readonly levels: readonly (readonly Gather[])[] } | null;
  /** Statistics over other extents, known after the pass. All share one grouping unless the target gathers any. */
  readonly gathers: readonly Gather[];
  /** Whether `gathers` are taken group by group rather than over the whole tensor. */
  readonly byGroup: boolean;
  readonly outputs: readonly Output[];
  /** Numbers per held group that need the group's own statistics: state, or the gradient of a parameter per row. */
  readonly scalars: readonly ScalarOutput[];
  /** The element-shaped tensors that are read; noise is drawn and not read. */
  readonly reads: readonly string[];
  /** Values of them that are read per element of x. */
  readonly valuesRead: number;
}

/** Numbers that are not element-shaped: the penalty, parameter gradients, state. One for each group. */
export interface ScalarOutput extends Root {
  readonly grouping: Grouping;
}

export interface Plan {
  readonly direction: Direction;
  readonly layout: Layout;
  /** Elements of x. */
  readonly length: number;
  /** Where the parts of y, or of its upstream gradient, lie. */
  readonly placement: Placement;
  readonly passes: readonly Pass[];
  /** Those that no pass writes: computed from gathered statistics after the last pass. */
  readonly scalars: readonly ScalarOutput[];
  /** Element-shaped values read and written, per element of x: multiply by the size of the dtype. */
  readonly valuesRead: number;
  readonly valuesWritten: number;
}

/** Plans one direction of an activation for a tensor on a target. */
export function plan(activation: Activation, spec: TensorSpec, direction: Direction, target: Target): Plan {
  const { outputs, scalars } = hoistedRoots(activation, spec, direction);
  const roots = [...outputs, ...scalars].map(({ expression }) => expression);
  const gathers = collectGathers(topologicalOrder(roots), spec);

  const held = largestHeld(gathers, target);
  let local = new Set<Node>(gathers.flatMap(({ spanned, statistics }) => (same(spanned, held) ? statistics : [])));
  const isLocal = (node: Node): boolean => local.has(node);
  const isStray = ({ statistics, grouping, operand }: Gather): boolean =>
    !statistics.some(isLocal) && grouping.groups > 1 && topologicalOrder([operand]).some(isLocal);
  if (!target.gathersAnyExtent && gathers.some(isStray)) local = new Set(); // no traversal serves both groupings

  const known = knownAfter(roots, (node) => isStatistic(node) && !isLocal(node));
  const isKnownAt = (index: number, node: Node): boolean => known.get(node) === index;
  const across = gathers.filter(({ statistics }) => !statistics.some(isLocal));
  const perGroup = scalars.filter(({ expression }) => [...reachedInPass([expression], isLocal)].some(isLocal));
  const computed = [...outputs, ...perGroup].map(({ expression }) => expression);
  const last = Math.max(...[...computed, ...across.map(({ operand }) => operand)].map((node) => known.get(node) ?? 0));
  const passes: Pass[] = [];
  for (let index = 0; index <= last; index++) {
    const isWritten = ({ expression }: Output): boolean => isKnownAt(index, expression);
    const gathered = across.filter(({ operand }) => isKnownAt(index, operand));
    const byGroup = ({ grouping }: Gather): boolean => !target.gathersAnyExtent && grouping.groups > 1;
    for (const group of groupBy(gathered.filter(byGroup), ({ spanned }) => spanned.join())) {
      passes.push(makePass(group, [], [], true));
    }
    const beside = gathered.filter((gather) => !byGroup(gather));
    const [written, numbers] = [outputs.filter(isWritten), perGroup.filter(isWritten)];
    if (beside.length + written.length + numbers.length > 0) passes.push(makePass(beside, written, numbers, false));
  }
  return {
    direction,
    layout: spec,
    length: elementCount(spec.shape),
    placement: placementOf(activation.forward.y.length, spec),
    passes,
    scalars: scalars.filter((scalar) => !perGroup.includes(scalar)),
    valuesRead: passes.reduce((total, pass) => total + pass.valuesRead, 0),
    valuesWritten: passes.reduce((total, pass) => total + pass.outputs.length, 0),
  };

  function makePass(
    passGathers: readonly Gather[],
    outputs: readonly Output[],
    perGroup: readonly ScalarOutput[],
    byGroup: boolean,
  ): Pass {
    const written = [...outputs, ...perGroup].map(({ expression }) => expression);
    const reached = reachedInPass([...passGathers.map(({ operand }) => operand), ...written], isLocal);
    const within = gathers.filter(({ statistics }) => statistics.some((node) => isLocal(node) && reached.has(node)));
    const inputs = [...reached].flatMap((node) => (node.kind === 'input' && node.name !== 'noise' ? [node] : []));
    return {
      local: within[0] ? { grouping: within[0].grouping, levels: levelsOf(within) } : null,
      gathers: passGathers,
      byGroup,
      outputs,
      scalars: perGroup,
      reads: [...new Set(inputs.map(({ name }) => name))],
      valuesRead: inputs.length,
    };
  }
}

export const isStatistic = (node: Node): node is Statistic => node.kind === 'statistic' || node.kind === 'count';

const same = (a: readonly number[], b: readonly number[] | undefined): boolean => a.join() === b?.join();

interface HoistedRoots {
  readonly outputs: readonly Output[];
  readonly scalars: readonly ScalarOutput[];
}

/** What is asked for, the constant factors of each sum outside of it. */
function hoistedRoots(activation: Activation, spec: TensorSpec, direction: Direction): HoistedRoots {
  const roots = rootsOf(activation, spec, direction);
  const expressions = hoistFactors(
    roots.map(({ expression }) => expression),
    spec,
  );
  const hoisted = roots.map((root, index) => ({
    ...root,
    expression: expressions[index] as Expression,
    grouping: groupingOf(spec.shape, root.spanned),
  }));
  const outputs = direction === 'vjp' ? 1 : activation.forward.y.length;
  return { outputs: hoisted.slice(0, outputs), scalars: hoisted.slice(outputs) };
}

/** The axes of the contiguous groups to hold on chip: of those that some statistic spans and that fit, the largest. */
function largestHeld(gathers: readonly Gather[], { groupCapacity }: Target): readonly number[] | undefined {
  return gathers
    .filter(({ grouping }) => isContiguous(grouping) && grouping.size <= groupCapacity && grouping.groups > 1)
    .sort((a, b) => b.grouping.size - a.grouping.size)[0]?.spanned;
}

/** Whether the elements of each group lie side by side. */
export const isContiguous = ({ dimensions }: Grouping): boolean =>
  dimensions.every(({ elementStride }, index) => (elementStride === 0) === (index === 0 && dimensions.length > 1)) ||
  (dimensions.length === 1 && dimensions[0]?.elementStride !== 0);

/** How many of the nodes that are waited for come one after another before each node's value is known. */
function knownAfter(roots: readonly Node[], isAwaited: (node: Node) => boolean): Map<Node, number> {
  const known = new Map<Node, number>();
  for (const node of topologicalOrder(roots)) {
    const latest = Math.max(0, ...operands(node).map((operand) => known.get(operand) as number));
    known.set(node, isAwaited(node) ? latest + 1 : latest);
  }
  return known;
}

/** The nodes that a pass computes: a gathered statistic is read as a number, so what lies behind it is not. */
function reachedInPass(roots: readonly Node[], isLocal: (node: Node) => boolean): Set<Node> {
  const reached = new Set<Node>();
  const visit = (node: Node): void => {
    if (reached.has(node)) return;
    reached.add(node);
    if (!isStatistic(node) || isLocal(node)) operands(node).forEach(visit);
  };
  roots.forEach(visit);
  return reached;
}

/** The accumulations that yield the statistics among some nodes. */
function collectGathers(nodes: readonly Node[], layout: Layout): Gather[] {
  const operandOf = (node: Statistic): Node => (node.kind === 'count' ? node.where : node.operand);
  /** The means that are taken from their own operand. */
  const centres = new Set<Node>(nodes.filter(isCentring).map(({ right }) => right));
  const needsPivot = (node: Statistic): boolean =>
    centres.has(node) || (node.kind === 'statistic' && node.name === 'variance');
  const keyed = groupBy(nodes.filter(isStatistic), (node) => {
    const family = node.kind === 'count' ? 'count' : node.name === 'sum' ? 'sum' : 'moments';
    return `${family}:${operandOf(node).id}:${extentAxes(node.extent, layout).join()}`;
  });
  return keyed.map((statistics) => {
    const [{ kind, extent }, operand] = [statistics[0], operandOf(statistics[0])];
    const spanned = extentAxes(extent, layout);
    return {
      kind: kind === 'count' ? kind : statistics.some(needsPivot) ? 'moments' : 'sum',
      operand,
      statistics,
      grouping: groupingOf(layout.shape, spanned),
      spanned,
    };
  });
}

/** Local statistics in the order in which they can be taken; those of one level need no result of each other. */
function levelsOf(gathers: readonly Gather[]): Gather[][] {
  const own = new Set<Node>(gathers.flatMap(({ statistics }) => statistics));
  const operandsOf = gathers.map(({ operand }) => operand);
  const level = knownAfter(operandsOf, (node) => own.has(node));
  return groupBy(gathers, ({ operand }) => level.get(operand) as number);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string | number): [T, ...T[]][] {
  const groups = new Map<string | number, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** Every number of a plan that is not element-shaped, whether a pass writes it or the end does. */
export const scalarOutputs = ({ passes, scalars }: Plan): readonly ScalarOutput[] => [
  ...passes.flatMap((pass) => pass.scalars),
  ...scalars,
];

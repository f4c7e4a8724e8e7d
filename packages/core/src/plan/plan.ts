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
  const order = topologicalOrder(roots);
  const statistics = order.filter(isStatistic);
  const spannedBy = (node: Statistic): readonly number[] => extentAxes(node.extent, spec);

  const localAxes = chooseLocalAxes(statistics, spec, target);
  let isLocal = (node: Statistic): boolean => localAxes !== null && same(spannedBy(node), localAxes);
  const readsLocal = (node: Node): boolean =>
    topologicalOrder(operands(node)).some((each) => isStatistic(each) && isLocal(each));
  const wholeTensor = (node: Statistic): boolean => groupingOf(spec.shape, spannedBy(node)).groups === 1;
  const isStray = (node: Statistic): boolean => !isLocal(node) && !wholeTensor(node) && readsLocal(node);
  if (!target.gathersAnyExtent && statistics.some(isStray)) isLocal = () => false; // no traversal serves both groupings

  const known = knownAfter(roots, isLocal);
  const knownAt = (node: Node): number => known.get(node) as number;
  const gathers = collectGathers(statistics, new Set(order.filter(isCentring).map(({ right }) => right)), spec);
  const needsGroup = ({ expression }: ScalarOutput): boolean =>
    [...reachedInPass([expression], isLocal)].some((node) => isStatistic(node) && isLocal(node));
  const scalarsInPasses = scalars.filter(needsGroup);
  const passes: Pass[] = [];
  const count = Math.max(
    ...outputs.map(({ expression }) => knownAt(expression) + 1),
    ...gathers.filter((gather) => !isLocal(first(gather))).map(({ operand }) => knownAt(operand) + 1),
    ...scalarsInPasses.map(({ expression }) => knownAt(expression) + 1),
  );
  for (let index = 0; index < count; index++) {
    const gathered = gathers.filter((gather) => !isLocal(first(gather)) && knownAt(gather.operand) === index);
    const written = outputs.filter(({ expression }) => knownAt(expression) === index);
    const perGroup = scalarsInPasses.filter(({ expression }) => knownAt(expression) === index);
    const byGroup = (gather: Gather): boolean => !target.gathersAnyExtent && gather.grouping.groups > 1;
    for (const group of groupBy(gathered.filter(byGroup), ({ spanned }) => spanned.join())) {
      passes.push(makePass(group, [], [], true));
    }
    const beside = gathered.filter((gather) => !byGroup(gather));
    if (beside.length + written.length + perGroup.length > 0) passes.push(makePass(beside, written, perGroup, false));
  }
  return {
    direction,
    layout: spec,
    length: elementCount(spec.shape),
    placement: placementOf(activation.forward.y.length, spec),
    passes,
    scalars: scalars.filter((scalar) => !needsGroup(scalar)),
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
    const local = gathers.filter((gather) => gather.statistics.some((node) => isLocal(node) && reached.has(node)));
    const inputs = [...reached].flatMap((node) => (node.kind === 'input' && node.name !== 'noise' ? [node] : []));
    return {
      local: local[0] ? { grouping: local[0].grouping, levels: levelsOf(local) } : null,
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

const first = (gather: Gather): Statistic => gather.statistics[0] as Statistic;
const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

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

/** The contiguous groups to hold on chip: of those that some statistic spans and that fit, the largest. */
function chooseLocalAxes(statistics: readonly Statistic[], spec: TensorSpec, target: Target): readonly number[] | null {
  const candidates = statistics
    .map((node) => extentAxes(node.extent, spec))
    .map((axes) => ({ axes, grouping: groupingOf(spec.shape, axes) }))
    .filter(({ grouping }) => isContiguous(grouping) && grouping.size <= target.groupCapacity && grouping.groups > 1)
    .sort((a, b) => b.grouping.size - a.grouping.size);
  return candidates[0]?.axes ?? null;
}

/** Whether the elements of each group lie side by side. */
export const isContiguous = ({ dimensions }: Grouping): boolean =>
  dimensions.every(({ elementStride }, index) => (elementStride === 0) === (index === 0 && dimensions.length > 1)) ||
  (dimensions.length === 1 && dimensions[0]?.elementStride !== 0);

/** The number of passes after which each node's value is known. */
function knownAfter(roots: readonly Expression[], isLocal: (node: Statistic) => boolean): Map<Node, number> {
  const known = new Map<Node, number>();
  for (const node of topologicalOrder(roots)) {
    const latest = Math.max(0, ...operands(node).map((operand) => known.get(operand) as number));
    known.set(node, isStatistic(node) && !isLocal(node) ? latest + 1 : latest);
  }
  return known;
}

/** The nodes that a pass computes: a gathered statistic is read as a number, so what lies behind it is not. */
function reachedInPass(roots: readonly Node[], isLocal: (node: Statistic) => boolean): Set<Node> {
  const reached = new Set<Node>();
  const visit = (node: Node): void => {
    if (reached.has(node)) return;
    reached.add(node);
    if (!isStatistic(node) || isLocal(node)) operands(node).forEach(visit);
  };
  roots.forEach(visit);
  return reached;
}

/** `centres` are the means that are taken from their own operand. */
function collectGathers(statistics: readonly Statistic[], centres: ReadonlySet<Node>, layout: Layout): Gather[] {
  const operandOf = (node: Statistic): Node => (node.kind === 'count' ? node.where : node.operand);
  const keyed = groupBy(statistics, (node) => {
    const family = node.kind === 'count' ? 'count' : node.name === 'sum' ? 'sum' : 'moments';
    return `${family}:${operandOf(node).id}:${extentAxes(node.extent, layout).join()}`;
  });
  return keyed.map((nodes) => {
    const node = nodes[0] as Statistic;
    const spanned = extentAxes(node.extent, layout);
    const needsPivot = nodes.some(
      (each) => centres.has(each) || (each.kind === 'statistic' && each.name === 'variance'),
    );
    return {
      kind: node.kind === 'count' ? 'count' : needsPivot ? 'moments' : 'sum',
      operand: operandOf(node),
      statistics: nodes,
      grouping: groupingOf(layout.shape, spanned),
      spanned,
    };
  });
}

/** Local statistics in the order in which they can be taken; those of one level need no result of each other. */
function levelsOf(gathers: readonly Gather[]): Gather[][] {
  const levels: Gather[][] = [];
  const done = new Set<Statistic>();
  let remaining = [...gathers];
  const own = new Set(gathers.flatMap(({ statistics }) => statistics));
  while (remaining.length > 0) {
    const ready = remaining.filter(({ operand }) =>
      topologicalOrder([operand]).every((node) => !isStatistic(node) || !own.has(node) || done.has(node)),
    );
    levels.push(ready);
    for (const { statistics } of ready) for (const node of statistics) done.add(node);
    remaining = remaining.filter((gather) => !ready.includes(gather));
  }
  return levels;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const existing = groups.get(key(item));
    if (existing) existing.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** Every number of a plan that is not element-shaped, whether a pass writes it or the end does. */
export const scalarOutputs = ({ passes, scalars }: Plan): readonly ScalarOutput[] => [
  ...passes.flatMap((pass) => pass.scalars),
  ...scalars,
];

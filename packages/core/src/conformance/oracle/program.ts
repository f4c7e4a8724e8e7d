/** What it takes to compute nodes element by element, worked out once and kept: the steps and where their values go. */
import { type Node, operands } from '../../expression/node.ts';
import { type Loop, loopOf } from './loops.ts';
import { elementwiseOrder, type Gathered, type Maxima, scheduleOf } from './schedule.ts';

export const blockLength = 256;

export interface Step {
  readonly node: Node;
  /** Null for a leaf, whose values are there to be read. */
  readonly loop: Loop | null;
  readonly out: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
}

export interface Program {
  /** What is the same for all elements, and computed once. */
  readonly uniform: readonly Step[];
  /** What is computed for each block of elements. */
  readonly varying: readonly Step[];
  /** The registers of the targets. */
  readonly outputs: readonly Float64Array[];
}

/**
 * Registers are shared by all programs, since one runs to its end before the next begins; and within a program a
 * register is used again once its value has been read for the last time, so that those in use stay in the cache.
 */
const registers: Float64Array[] = [];
const nothing = new Float64Array(0);

function registerAt(index: number): Float64Array {
  let register = registers[index];
  if (!register) {
    register = new Float64Array(blockLength);
    registers[index] = register;
  }
  return register;
}

/** By what they are made for: a run asks for the same few over and over. */
class Remembered<T> {
  private readonly known = new Map<string, T>();

  get(key: string, make: () => T): T {
    let value = this.known.get(key);
    if (value === undefined) {
      if (this.known.size >= 512) this.known.clear();
      value = make();
      this.known.set(key, value);
    }
    return value;
  }
}

interface Order {
  readonly nodes: readonly Node[];
  readonly leaves: readonly Node[];
}

const schedules = new Remembered<ReturnType<typeof scheduleOf>['passes']>();
const orders = new Remembered<Order>();
const programs = new Remembered<Program>();

const keyOf = (nodes: readonly Node[]): string => nodes.map(({ id }) => id).join();

/** The passes that gather what the nodes need. */
export const passesFor = (roots: readonly Node[], maxima: Maxima): readonly (readonly Gathered[])[] =>
  schedules.get(keyOf(roots), () => scheduleOf(roots, maxima).passes);

/**
 * The steps to the targets. `isUniform` tells of each leaf whether it has one value for all elements; `flipped` are
 * predicates that have not, whatever they are computed from.
 */
export function programFor(
  targets: readonly Node[],
  isUniform: (leaf: Node) => boolean,
  flipped: ReadonlySet<Node>,
): Program {
  const key = keyOf(targets);
  const { nodes, leaves } = orders.get(key, () => {
    const order = elementwiseOrder(targets);
    return { nodes: order, leaves: order.filter(isLeaf) };
  });
  const signature = leaves.map((leaf) => (isUniform(leaf) ? '1' : '0')).join('');
  return programs.get(`${key} ${signature} ${keyOf([...flipped])}`, () => {
    const uniform = new Set(leaves.filter(isUniform));
    for (const node of nodes) {
      if (!isLeaf(node) && !flipped.has(node) && operands(node).every((operand) => uniform.has(operand)))
        uniform.add(node);
    }
    return createProgram(targets, nodes, uniform);
  });
}

function createProgram(targets: readonly Node[], order: readonly Node[], uniform: ReadonlySet<Node>): Program {
  const inputsOf = (node: Node): readonly Node[] => (isLeaf(node) ? [] : operands(node));
  const lastReader = new Map<Node, Node>();
  for (const node of order) for (const input of inputsOf(node)) lastReader.set(input, node);
  const kept = new Set<Node>([...targets, ...uniform]);

  const assigned = new Map<Node, number>();
  const free: number[] = [];
  // uniform values must outlast every block
  for (const node of order) if (uniform.has(node)) assigned.set(node, assigned.size);
  let used = assigned.size;
  const registerOf = (node: Node): Float64Array => registerAt(assigned.get(node) as number);
  const steps = order.map((node): Step => {
    const inputs = inputsOf(node);
    // assigned before its operands' registers are free: a loop may read any of them until its end
    if (!assigned.has(node)) assigned.set(node, free.pop() ?? used++);
    for (const input of new Set(inputs))
      if (lastReader.get(input) === node && !kept.has(input)) free.push(assigned.get(input) as number);
    const [a = nothing, b = nothing, c = nothing] = inputs.map(registerOf);
    return { node, loop: isLeaf(node) ? null : loopOf(node), out: registerOf(node), a, b, c };
  });
  return {
    uniform: steps.filter(({ node }) => uniform.has(node)),
    varying: steps.filter(({ node }) => !uniform.has(node)),
    outputs: targets.map(registerOf),
  };
}

const leafKinds = new Set<Node['kind']>(['constant', 'input', 'parameter', 'state', 'size', 'statistic', 'count']);
const isLeaf = ({ kind }: Node): boolean => leafKinds.has(kind);

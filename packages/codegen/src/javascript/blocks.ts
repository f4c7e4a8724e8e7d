/**
 * Blocks of generated code. Each node is computed in the outermost block in which all that it reads is constant: once
 * per call, once per group of elements that is held together, or once per element.
 */
import { type Node, operands } from '@isoact/core';

export type Level = 'call' | 'group' | 'element';
const levels: readonly Level[] = ['call', 'group', 'element'];
const inner = (a: Level, b: Level): Level => (levels.indexOf(a) >= levels.indexOf(b) ? a : b);

/** How a leaf is read, and in which block its value is constant. */
export interface Leaf {
  readonly level: Level;
  readonly code: string;
}

/** What is called by a name of its own. */
function nameOf(node: Node): string | undefined {
  if (node.kind === 'parameter') return `$${node.name}`;
  return node.kind === 'input' ? `$${node.name}${node.part || ''}` : undefined;
}

export class Blocks {
  private readonly lines: Record<Level, string[]> = { call: [], group: [], element: [] };
  private readonly names: Record<Level, Map<Node, string>> = { call: new Map(), group: new Map(), element: new Map() };
  private readonly levelsKnown = new Map<Node, Level>();
  private counter = 0;

  private readonly leafOf: (node: Node) => Leaf | undefined;
  private readonly nodeCode: (node: Node, code: (operand: Node) => string) => string;

  constructor(leafOf: Blocks['leafOf'], nodeCode: Blocks['nodeCode']) {
    this.leafOf = leafOf;
    this.nodeCode = nodeCode;
  }

  /** A name or constant that stands for a node in the innermost block; its code goes where it belongs. */
  use(node: Node): string {
    const known = levels.map((level) => this.names[level].get(node)).find((name) => name !== undefined);
    if (known !== undefined) return known;
    const leaf = this.leafOf(node);
    const level = this.levelOf(node);
    const code = leaf?.code ?? this.nodeCode(node, (operand) => this.use(operand));
    if (node.kind === 'constant' || /^\w+$/.test(code)) return code;
    const name = nameOf(node) ?? `t${this.counter++}`;
    this.lines[level].push(`const ${name} = ${code};`);
    this.names[level].set(node, name);
    return name;
  }

  /** The lines of a block so far, in order. */
  take(level: Level): string[] {
    return this.lines[level].splice(0);
  }

  /** The same, at the block's end: its names are forgotten. */
  end(level: Level): string[] {
    this.names[level].clear();
    return this.take(level);
  }

  /** Says that other groups are held from now on, so that a leaf may be constant in another block than before. */
  regroup(): void {
    this.levelsKnown.clear();
  }

  private levelOf(node: Node): Level {
    let level = this.levelsKnown.get(node);
    if (level === undefined) {
      level =
        this.leafOf(node)?.level ??
        operands(node)
          .map((operand) => this.levelOf(operand))
          .reduce(inner, 'call');
      this.levelsKnown.set(node, level);
    }
    return level;
  }
}

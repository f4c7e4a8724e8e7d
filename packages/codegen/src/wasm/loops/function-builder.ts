/**
 * A function under construction: its parameters, its variables, and the blocks of code that are open. Block 0 runs
 * once; block n is the body of the n-th loop from outside. A value goes into the outermost block in which it is constant.
 */
import type { Node } from '@isoact/core';
import { get, type Instruction, type Local, set, type ValueType } from '../binary/instruction.ts';

interface Block {
  readonly code: Instruction[];
  /** The instructions that read what nodes and helpers have been computed to. */
  readonly values: Map<Node | string, Instruction>;
  readonly variables: Variable[];
}

/** A local, and what may use it when its block is closed: variables of one type and hint. */
interface Variable {
  readonly key: string;
  readonly local: Local;
}

export class FunctionBuilder {
  readonly parameters: Local[] = [];
  readonly locals: Local[] = [];
  private readonly blocks: Block[] = [newBlock()];
  /** Variables of closed blocks, and the levels of those. */
  private readonly free: (Variable & { readonly level: number })[] = [];
  private readonly names = new Map<string, number>();

  /** The number of the innermost open block. */
  get level(): number {
    return this.blocks.length - 1;
  }

  /** The number of instructions in the innermost open block. */
  get written(): number {
    return this.block(this.level).code.length;
  }

  parameter(name: string, type: ValueType): Local {
    const local = { name: this.unique(name), type };
    this.parameters.push(local);
    return local;
  }

  /**
   * A variable for as long as a block is open. It may be one that a closed block had, if that was no further inward:
   * code of an outer block may yet be placed before the loop that the closed block is part of.
   */
  variable(level: number, name: string, type: ValueType): Local {
    const key = `${type} ${name}`;
    const index = this.free.findIndex((each) => each.key === key && each.level <= level);
    const [reused] = index < 0 ? [] : this.free.splice(index, 1);
    const local = reused?.local ?? { name: this.unique(name), type };
    if (!reused) this.locals.push(local);
    this.block(level).variables.push({ key, local });
    return local;
  }

  /** A variable that holds a value from here on. */
  hold(level: number, name: string, type: ValueType, value: Instruction): Local {
    const local = this.variable(level, name, type);
    this.block(level).code.push(set(local, value));
    return local;
  }

  /** Adds code to the innermost block. */
  append(...instructions: readonly Instruction[]): void {
    this.block(this.level).code.push(...instructions);
  }

  /** A vector's value in the innermost block, kept in a variable: it may be read more than once. */
  keep(value: Instruction): Instruction {
    return value.kind === 'get' ? value : get(this.hold(this.level, 't', 'v128', value));
  }

  /** What a node, or a helper by its name, has been computed to in an open block. */
  lookUp(key: Node | string): Instruction | undefined {
    for (const { values } of this.blocks) {
      const value = values.get(key);
      if (value) return value;
    }
    return undefined;
  }

  /** The block in which a node has been computed. */
  levelOf(node: Node): number {
    return this.blocks.findIndex(({ values }) => values.has(node));
  }

  record(level: number, key: Node | string, value: Instruction): void {
    this.block(level).values.set(key, value);
  }

  /** A helper's value in a vector variable, computed once in a block. */
  once(level: number, key: string, make: () => Instruction): Instruction {
    const known = this.lookUp(key);
    if (known) return known;
    const value = get(this.hold(level, 'c', 'v128', make()));
    this.record(level, key, value);
    return value;
  }

  /** The code that a callback puts into a block of its own, the next level inward. */
  within(write: () => void): Instruction[] {
    const block = newBlock();
    this.blocks.push(block);
    write();
    this.blocks.pop();
    for (const variable of block.variables) this.free.push({ ...variable, level: this.blocks.length });
    return block.code;
  }

  /** The code that a callback adds to the innermost block, for a place where it may not run: what it computes is forgotten. */
  capture(write: () => void): Instruction[] {
    const before = this.block(this.level);
    const block: Block = { code: [], values: new Map(before.values), variables: before.variables };
    this.blocks[this.level] = block;
    write();
    this.blocks[this.level] = before;
    return block.code;
  }

  finish(): Instruction[] {
    return this.block(0).code;
  }

  private block(level: number): Block {
    return this.blocks[level] as Block;
  }

  private unique(name: string): string {
    const taken = this.names.get(name) ?? 0;
    this.names.set(name, taken + 1);
    return taken === 0 ? name : `${name}.${taken}`;
  }
}

const newBlock = (): Block => ({ code: [], values: new Map(), variables: [] });

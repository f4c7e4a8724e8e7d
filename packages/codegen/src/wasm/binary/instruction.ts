/**
 * WebAssembly as data: an instruction holds the instructions that compute its operands, as in the folded text format.
 * The same tree is encoded to a binary and printed as text, so what a test shows is what runs.
 */
export type { PlainName } from './opcodes.ts';

import type { LaneName, MemoryLaneName, MemoryName, PlainName } from './opcodes.ts';

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

/** A parameter or variable of a function. */
export interface Local {
  readonly name: string;
  readonly type: ValueType;
}

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly results: readonly ValueType[];
  readonly locals: readonly Local[];
  readonly body: readonly Instruction[];
}

/** A module whose one import is a memory, and whose first function is exported by its name. */
export interface WasmModule {
  readonly functions: readonly WasmFunction[];
}

/** The target of a branch: the start of a loop, or the end of a block. */
export interface Label {
  readonly name: string;
}

export type Instruction =
  | { readonly kind: 'plain'; readonly name: PlainName; readonly operands: readonly Instruction[] }
  | {
      readonly kind: 'memory';
      readonly name: MemoryName;
      readonly offset: number;
      readonly operands: readonly Instruction[];
    }
  | { readonly kind: 'lane'; readonly name: LaneName; readonly lane: number; readonly operands: readonly Instruction[] }
  | {
      readonly kind: 'memoryLane';
      readonly name: MemoryLaneName;
      readonly lane: number;
      readonly offset: number;
      readonly operands: readonly Instruction[];
    }
  /** Bytes of the result, numbered through both operands. */
  | { readonly kind: 'shuffle'; readonly lanes: readonly number[]; readonly operands: readonly Instruction[] }
  /** A v128 constant has four lanes of 32 bits, those of a float32 or an integer. */
  | { readonly kind: 'constant'; readonly type: 'i32' | 'f64'; readonly value: number }
  | { readonly kind: 'vector'; readonly lanes: readonly [number, number, number, number]; readonly of: 'i32' | 'f32' }
  | { readonly kind: 'get'; readonly local: Local }
  | { readonly kind: 'set' | 'tee'; readonly local: Local; readonly operands: readonly [Instruction] }
  | { readonly kind: 'block' | 'loop'; readonly label: Label; readonly body: readonly Instruction[] }
  | { readonly kind: 'if'; readonly operands: readonly [Instruction]; readonly body: readonly Instruction[] }
  | { readonly kind: 'branchIf'; readonly label: Label; readonly operands: readonly [Instruction] }
  | { readonly kind: 'return'; readonly operands: readonly [Instruction] }
  | { readonly kind: 'call'; readonly callee: WasmFunction; readonly operands: readonly Instruction[] }
  | { readonly kind: 'fill'; readonly operands: readonly Instruction[] };

export const plain = (name: PlainName, ...operands: Instruction[]): Instruction => ({ kind: 'plain', name, operands });
export const memory = (name: MemoryName, offset: number, ...operands: Instruction[]): Instruction => ({
  kind: 'memory',
  name,
  offset,
  operands,
});
export const lane = (name: LaneName, index: number, operand: Instruction): Instruction => ({
  kind: 'lane',
  name,
  lane: index,
  operands: [operand],
});
export const memoryLane = (
  name: MemoryLaneName,
  index: number,
  offset: number,
  ...operands: Instruction[]
): Instruction => ({ kind: 'memoryLane', name, lane: index, offset, operands });
export const shuffle = (lanes: readonly number[], a: Instruction, b: Instruction): Instruction => ({
  kind: 'shuffle',
  lanes,
  operands: [a, b],
});
export const integer = (value: number): Instruction => ({ kind: 'constant', type: 'i32', value });
export const double = (value: number): Instruction => ({ kind: 'constant', type: 'f64', value });
/** Four equal float32 lanes. */
export const floats = (value: number): Instruction => ({
  kind: 'vector',
  lanes: [value, value, value, value],
  of: 'f32',
});
/** Four equal lanes of 32 bits. */
export const words = (value: number): Instruction => ({
  kind: 'vector',
  lanes: [value, value, value, value],
  of: 'i32',
});
export const laneNumbers: Instruction = { kind: 'vector', lanes: [0, 1, 2, 3], of: 'i32' };
export const get = (local: Local): Instruction => ({ kind: 'get', local });
export const set = (local: Local, value: Instruction): Instruction => ({ kind: 'set', local, operands: [value] });
export const tee = (local: Local, value: Instruction): Instruction => ({ kind: 'tee', local, operands: [value] });
export const loop = (label: Label, body: readonly Instruction[]): Instruction => ({ kind: 'loop', label, body });
export const when = (condition: Instruction, body: readonly Instruction[]): Instruction => ({
  kind: 'if',
  operands: [condition],
  body,
});
export const branchIf = (label: Label, condition: Instruction): Instruction => ({
  kind: 'branchIf',
  label,
  operands: [condition],
});
export const giveBack = (value: Instruction): Instruction => ({ kind: 'return', operands: [value] });
export const call = (callee: WasmFunction, ...operands: Instruction[]): Instruction => ({
  kind: 'call',
  callee,
  operands,
});
/** Sets `length` bytes from `start` to 0. */
export const clear = (start: Instruction, length: Instruction): Instruction => ({
  kind: 'fill',
  operands: [start, integer(0), length],
});

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

/** A module whose one import is a memory. */
export interface WasmModule {
  readonly functions: readonly WasmFunction[];
  /** How many of the functions, from the first one, are exported by their names; 1 unless said otherwise. */
  readonly exported?: number;
}

/** The target of a branch: the start of a loop, or the end of a block. */
export interface Label {
  readonly name: string;
}

export type Instruction =
  | {
      readonly kind: 'plain';
      readonly name: PlainName | MemoryName | LaneName | MemoryLaneName;
      /** Bytes from the address, of a load or store. */
      readonly offset?: number;
      /** The lanes that are named. */
      readonly lanes?: readonly number[];
      readonly operands: readonly Instruction[];
    }
  /** A v128 constant has four lanes of 32 bits, those of a float32 or an integer. */
  | { readonly kind: 'constant'; readonly type: 'i32' | 'f64'; readonly value: number }
  | { readonly kind: 'vector'; readonly lanes: readonly [number, number, number, number]; readonly of: 'i32' | 'f32' }
  | { readonly kind: 'get'; readonly local: Local }
  | { readonly kind: 'set' | 'tee'; readonly local: Local; readonly operands: readonly [Instruction] }
  | { readonly kind: 'loop' | 'block'; readonly label: Label; readonly body: readonly Instruction[] }
  | {
      readonly kind: 'if';
      readonly operands: readonly [Instruction];
      readonly body: readonly Instruction[];
    }
  | { readonly kind: 'branchIf'; readonly label: Label; readonly operands: readonly [Instruction] }
  | { readonly kind: 'call'; readonly callee: WasmFunction; readonly operands: readonly Instruction[] };

export const plain = (name: PlainName, ...operands: Instruction[]): Instruction => ({ kind: 'plain', name, operands });
export const memory = (name: MemoryName, offset: number, ...operands: Instruction[]): Instruction => ({
  kind: 'plain',
  name,
  offset,
  operands,
});
export const lane = (name: LaneName, index: number, operand: Instruction): Instruction => ({
  kind: 'plain',
  name,
  lanes: [index],
  operands: [operand],
});
export const memoryLane = (
  name: MemoryLaneName,
  index: number,
  offset: number,
  ...operands: Instruction[]
): Instruction => ({ kind: 'plain', name, offset, lanes: [index], operands });
/** Bytes of the result, numbered through both operands. */
export const shuffle = (lanes: readonly number[], a: Instruction, b: Instruction): Instruction => ({
  kind: 'plain',
  name: 'i8x16.shuffle',
  lanes,
  operands: [a, b],
});
export const integer = (value: number): Instruction => ({ kind: 'constant', type: 'i32', value });
export const double = (value: number): Instruction => ({ kind: 'constant', type: 'f64', value });
const splat = (value: number, of: 'i32' | 'f32'): Instruction => ({
  kind: 'vector',
  lanes: [value, value, value, value],
  of,
});
/** Four equal float32 lanes. */
export const floats = (value: number): Instruction => splat(value, 'f32');
/** Four equal lanes of 32 bits. */
export const words = (value: number): Instruction => splat(value, 'i32');
export const laneNumbers: Instruction = { kind: 'vector', lanes: [0, 1, 2, 3], of: 'i32' };
export const get = (local: Local): Instruction => ({ kind: 'get', local });
export const set = (local: Local, value: Instruction): Instruction => ({ kind: 'set', local, operands: [value] });
export const tee = (local: Local, value: Instruction): Instruction => ({ kind: 'tee', local, operands: [value] });
export const loop = (label: Label, body: readonly Instruction[]): Instruction => ({ kind: 'loop', label, body });
export const block = (label: Label, body: readonly Instruction[]): Instruction => ({ kind: 'block', label, body });
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
export const giveBack = (value: Instruction): Instruction => plain('return', value);
export const call = (callee: WasmFunction, ...operands: Instruction[]): Instruction => ({
  kind: 'call',
  callee,
  operands,
});
/** Sets `length` bytes from `start` to 0. */
export const clear = (start: Instruction, length: Instruction): Instruction =>
  plain('memory.fill', start, integer(0), length);

/**
 * Kernels that count what they compute, as the engine runs them: each stretch of instructions that run together first adds
 * its number of operations to a word of memory. For tables of costs; a counting kernel is slow.
 */
import type { Plan } from '@isoact/core';
import { encodeModule } from './binary/encode.ts';
import { memory as access, type Instruction, integer, plain, type WasmFunction } from './binary/instruction.ts';
import { wasmCallOf } from './call.ts';
import { instantiateWasm, type WasmKernel } from './code.ts';
import { build } from './compile.ts';
import { generateWasm, type WasmOptions } from './generate.ts';

export interface CountingKernel extends WasmKernel {
  /**
   * The operations of all calls so far: arithmetic, comparisons, choices and conversions, each on one number, so that an
   * instruction on a vector counts for each of its lanes. Addresses, loads, stores and copies of a number into lanes do
   * not count.
   */
  readonly operations: () => number;
}

/** Where in memory the count is: the first word, which is not for tensors. */
const counter = 0;

/** The kernel of a plan made for `sequentialTarget`; nothing else may lie in the first word of its memory. */
export function compileCountingWasm(plan: Plan, memory: WebAssembly.Memory, options: WasmOptions = {}): CountingKernel {
  const generated = generateWasm(plan, options);
  const module = build(encodeModule({ functions: generated.module.functions.map(countingFunctions()) }));
  const run = instantiateWasm({ module, name: plan.direction }, memory);
  const { scratchBytes, values } = wasmCallOf(generated.arguments, plan.layout.shape);
  return {
    scratchBytes,
    run: (call) => run(...values(call)),
    operations: () => new Uint32Array(memory.buffer)[counter] as number,
  };
}

/** Gives each function the one that counts, which calls those that count. */
function countingFunctions(): (given: WasmFunction) => WasmFunction {
  const made = new Map<WasmFunction, WasmFunction>();
  const counting = (given: WasmFunction): WasmFunction => {
    let result = made.get(given);
    if (!result) {
      result = { ...given, body: countingBody(given.body) };
      made.set(given, result);
    }
    return result;
  };
  return counting;

  function countingBody(body: readonly Instruction[]): readonly Instruction[] {
    const branch = body.findIndex(({ kind }) => kind === 'branchIf') + 1;
    if (branch > 0 && branch < body.length) {
      return [...countingBody(body.slice(0, branch)), ...countingBody(body.slice(branch))];
    }
    let operations = 0;
    const visit = (instruction: Instruction): Instruction => {
      if (instruction.kind === 'loop' || instruction.kind === 'block')
        return { ...instruction, body: countingBody(instruction.body) };
      if (!('operands' in instruction)) return instruction;
      if (instruction.kind === 'plain') operations += operationsOf(instruction);
      const operands = instruction.operands.map(visit);
      const visited = { ...instruction, operands } as Instruction; // as many operands as before
      if (visited.kind === 'if') return { ...visited, body: countingBody(visited.body) };
      return visited.kind === 'call' ? { ...visited, callee: counting(visited.callee) } : visited;
    };
    const visited = body.map(visit);
    return operations === 0 ? visited : [addToCount(operations), ...visited];
  }
}

const addToCount = (operations: number): Instruction =>
  access(
    'i32.store',
    counter,
    integer(0),
    plain('i32.add', access('i32.load', counter, integer(0)), integer(operations)),
  );

/** How many numbers an instruction computes; those on i32 are addresses and lengths, and others move numbers only. */
function operationsOf({ name, offset, lanes }: Extract<Instruction, { kind: 'plain' }>): number {
  const [type = '', operation] = name.split('.');
  if (offset !== undefined || lanes || operation === 'splat') return 0;
  if (['i32', 'select', 'return', 'memory'].includes(type)) return 0;
  return type === 'v128' ? 4 : Number(/x(\d)$/.exec(type)?.[1] ?? 1);
}

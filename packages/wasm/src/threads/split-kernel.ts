/** A plan's kernel for threads: the arguments of its blocks, and the sums of what they leave. */
import {
  chooseWasmCode,
  compileWasm,
  lengthOf,
  type WasmArgument,
  type WasmKernel,
  type WasmOptions,
} from '@isoact/codegen';
import { type Activation, elementCount, type Plan, type ScalarOutput, type Shape, stateShapes } from '@isoact/core';
import { scalarOutputs } from '@isoact/core/plan';
import { Places } from '../arena.ts';
import type { Pool } from './pool.ts';
import { type Split, splitOf, valuesOf, variesAlong } from './split.ts';

/** Like `compileWasm`; a call is only started, and `settled` of the pool tells its end. */
export function compileForThreads(pool: Pool, activation: Activation, whole: Plan, options: WasmOptions): WasmKernel {
  const split = splitOf(activation, whole);
  if (!split) {
    const kernel = compileWasm(whole, pool.memory, options);
    return {
      scratchBytes: kernel.scratchBytes,
      run: (call) => {
        const own = structuredClone(call); // the caller's is of the next call by then
        pool.inTurn(() => kernel.run(own));
      },
    };
  }
  const { block, blocks, axis } = split;
  const choice = chooseWasmCode(block, !(pool.memory.buffer instanceof ArrayBuffer), options);
  const places = new Places();
  for (let thread = 0; thread < pool.threads; thread++) places.take(choice.bounded.scratchBytes);
  /** Sums over the cut axis: one for each block, to be added up. */
  const partial = scalarOutputs(block).filter(({ spanned }) => spanned.includes(axis));
  const partialPlaces = Object.fromEntries(
    partial.map((scalar) => [scalar.name, places.take(4 * scalar.grouping.groups * blocks)]),
  );
  return {
    scratchBytes: places.bytes,
    run: (call) => {
      const code = choice.codeFor(call);
      const scratch = call.scratch ?? 0;
      const at = (name: string): number => scratch + (partialPlaces[name] as number);
      const scalars = { ...call.scalars, ...Object.fromEntries(partial.map(({ name }) => [name, at(name)])) };
      const values = [...code.values({ ...call, scalars })];
      const last = values.map((value, index) => {
        const argument = code.arguments[index] as WasmArgument;
        return argument.kind === 'length' ? lengthOf(argument.axes, split.lastShape) : value;
      });
      const perBlock = code.arguments.map((argument) => bytesPerBlock(argument, split, activation));
      const perThread = code.arguments.map(({ kind }) => (kind === 'scratch' ? choice.bounded.scratchBytes : 0));
      pool.start(code, { values, last, perBlock, perThread, blocks }, () => {
        for (const scalar of partial)
          addUp(pool.memory, scalar, at(scalar.name), call.scalars[scalar.name] as number, blocks);
      });
    },
  };
}

/** How far a block's part of a tensor lies behind the part of the block before. */
function bytesPerBlock(argument: WasmArgument, { axis, block }: Split, activation: Activation): number {
  const { layout } = block;
  switch (argument.kind) {
    case 'input':
    case 'output': {
      const inParts = argument.name === 'y' || argument.name === 'upstream';
      return 4 * block.length * (inParts ? block.placement.parts : 1);
    }
    case 'parameter':
      return argument.form === 'array' && variesAlong(argument.name, block, axis)
        ? 4 * valuesOf(argument.name, block)
        : 0;
    case 'state': {
      const shape = stateShapes(activation, layout)[argument.name] as Shape;
      return shape[axis] === 1 ? 0 : 4 * elementCount(shape);
    }
    case 'start':
      return block.length;
    case 'scalar': {
      const { grouping } = scalarOutputs(block).find(({ name }) => name === argument.name) as ScalarOutput;
      return 4 * grouping.groups;
    }
    default:
      return 0;
  }
}

/** Adds the sums of all blocks in their order. */
function addUp(memory: WebAssembly.Memory, { grouping }: ScalarOutput, from: number, to: number, blocks: number): void {
  const { groups } = grouping;
  const sums = new Float32Array(memory.buffer, from, groups * blocks);
  const totals = new Float32Array(memory.buffer, to, groups);
  for (let group = 0; group < groups; group++) {
    let total = 0;
    for (let block = 0; block < blocks; block++) total += sums[block * groups + group] as number;
    totals[group] = total;
  }
}

/** One direction of an activation, planned and generated for a memory. */
import { compileWasm, rangeClasses, type WasmKernel, type WasmOptions } from '@isoact/codegen';
import type { Activation, Direction, Plan, TensorSpec } from '@isoact/core';
import { plan, scalarOutputs, sequentialTarget } from '@isoact/core/plan';
import { Places } from './arena.ts';

export interface MemoryKernelDirection {
  readonly plan: Plan;
  /** Bytes that a call works in, and leaves numbers in that it is given no place for. */
  readonly scratchBytes: number;
  /** Whether the result may lie where an input lies. */
  readonly inPlace: boolean;
}

export interface PreparedDirection extends MemoryKernelDirection {
  readonly kernel: WasmKernel;
  /** Places in the scratch memory, behind the kernel's own, for numbers that nobody asked for. */
  readonly spare: Readonly<Record<string, number>>;
}

/** What turns a plan into a kernel: one thread does it all, or several share it. */
export type Compile = (plan: Plan, memory: WebAssembly.Memory, options: WasmOptions) => WasmKernel;

export function prepareDirection(
  memory: WebAssembly.Memory,
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
  compile: Compile = compileWasm,
): PreparedDirection {
  const planned = plan(activation, spec, direction, sequentialTarget);
  const kernel = compile(planned, memory, { bounds: rangeClasses(activation) });
  const places = new Places();
  places.take(kernel.scratchBytes);
  const spare = Object.fromEntries(
    scalarOutputs(planned).map(({ name, grouping }) => [name, places.take(4 * grouping.groups)]),
  );
  const written = planned.passes.findIndex(({ outputs }) => outputs.length > 0);
  return {
    plan: planned,
    scratchBytes: places.bytes,
    spare,
    // a part lies where elements have not been read yet
    inPlace:
      planned.placement.parts === 1 && planned.passes.slice(written + 1).every(({ reads }) => reads.length === 0),
    kernel,
  };
}

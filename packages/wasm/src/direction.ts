/** One direction of an activation, planned and generated for a memory. */
import { compileWasm, rangeClasses, type WasmKernel, type WasmOptions } from '@isoact/codegen';
import {
  type Activation,
  type Direction,
  elementCount,
  outputShape,
  type Plan,
  parameterShape,
  type Shape,
  type TensorSpec,
} from '@isoact/core';
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
  readonly bytes: CallBytes;
}

/** Bytes of the tensors and numbers of a call, by their names. */
interface CallBytes {
  readonly inputs: Numbers;
  readonly result: number;
  readonly parameters: Numbers;
  readonly scalars: Numbers;
}

type Numbers = Readonly<Record<string, number>>;

export const bytesOf = (shape: Shape): number => 4 * elementCount(shape);

/** The same names with other numbers. */
export const mapNumbers = <T>(record: Readonly<Record<string, T>>, map: (value: T) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

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
  const scalars = Object.fromEntries(scalarOutputs(planned).map(({ name, shape }) => [name, bytesOf(shape)]));
  const spare = mapNumbers(scalars, (size) => places.take(size));
  const [x, y] = [bytesOf(spec.shape), bytesOf(outputShape(activation, spec))];
  const written = planned.passes.findIndex(({ outputs }) => outputs.length > 0);
  return {
    plan: planned,
    scratchBytes: places.bytes,
    spare,
    // a part lies where elements have not been read yet
    inPlace:
      planned.placement.parts === 1 && planned.passes.slice(written + 1).every(({ reads }) => reads.length === 0),
    kernel,
    bytes: {
      inputs: direction === 'vjp' ? { x, upstream: y } : { x },
      result: direction === 'vjp' ? x : y,
      parameters: Object.fromEntries(
        Object.keys(activation.parameters).map((name) => [name, bytesOf(parameterShape(name, spec))]),
      ),
      scalars,
    },
  };
}

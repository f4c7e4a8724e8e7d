/** One direction of an activation as code for a memory, and what a call of it takes and leaves. */
import type { WasmKernel } from '@isoact/codegen';
import {
  type Activation,
  type Direction,
  elementCount,
  outputShape,
  parameterShape,
  rootsOf,
  type Shape,
  type TensorSpec,
} from '@isoact/core';
import { Places } from './arena.ts';

export interface MemoryKernelDirection {
  /** Bytes that a call works in, and leaves numbers in that it is given no place for. */
  readonly scratchBytes: number;
  /** Whether the result may lie where an input lies. */
  readonly inPlace: boolean;
}

/** The code of a direction, whether it is generated where it runs or was made ahead of time. */
export interface DirectionCode extends Pick<MemoryKernelDirection, 'inPlace'> {
  readonly kernel: WasmKernel;
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

/** Where the code of an activation's directions comes from. */
export type CodeSource<Code extends DirectionCode = DirectionCode> = (
  memory: WebAssembly.Memory,
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
) => Code;

export function prepareDirection<Code extends DirectionCode>(
  source: CodeSource<Code>,
  memory: WebAssembly.Memory,
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
): PreparedDirection & Code {
  const code = source(memory, activation, spec, direction);
  const places = new Places();
  places.take(code.kernel.scratchBytes);
  const numbers = rootsOf(activation, spec, direction).slice(direction === 'vjp' ? 1 : activation.forward.y.length);
  const scalars = mapNumbers(Object.fromEntries(numbers.map(({ name, shape }) => [name, shape])), bytesOf);
  const spare = mapNumbers(scalars, (size) => places.take(size));
  const [x, y] = [bytesOf(spec.shape), bytesOf(outputShape(activation, spec))];
  return {
    ...code,
    scratchBytes: places.bytes,
    spare,
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

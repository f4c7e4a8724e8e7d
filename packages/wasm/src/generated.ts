/** Kernels whose code is generated and compiled where they run. */
import { compileWasm, rangeClasses, type WasmKernel, type WasmOptions } from '@isoact/codegen';
import type { Activation, Plan, SpecFor } from '@isoact/core';
import { plan, sequentialTarget } from '@isoact/core/plan';
import type { CodeSource, DirectionCode, MemoryKernelDirection } from './direction.ts';
import { type ActivationKernel, createArrayKernel } from './kernel.ts';
import { type MemoryKernel, openMemoryKernel } from './memory-kernel.ts';

/** A direction that was planned here. */
export interface PlannedDirection extends MemoryKernelDirection {
  readonly plan: Plan;
}

interface GeneratedCode extends DirectionCode, Pick<PlannedDirection, 'plan'> {}

/** What turns a plan into a kernel: one thread does it all, or several share it. */
export type Compile = (plan: Plan, memory: WebAssembly.Memory, options: WasmOptions) => WasmKernel;

/** Plans a direction and generates its code. */
export const generatedBy =
  (compile: Compile): CodeSource<GeneratedCode> =>
  (memory, activation, spec, direction) => {
    const planned = plan(activation, spec, direction, sequentialTarget);
    return {
      plan: planned,
      inPlace: worksInPlace(planned),
      kernel: compile(planned, memory, { bounds: rangeClasses(activation) }),
    };
  };

/** Whether no element is read once its place may have been written. */
export function worksInPlace({ passes, placement }: Plan): boolean {
  const written = passes.findIndex(({ outputs }) => outputs.length > 0);
  // a part lies where elements have not been read yet
  return placement.parts === 1 && passes.slice(written + 1).every(({ reads }) => reads.length === 0);
}

const generated = generatedBy(compileWasm);

/**
 * Compiles an activation for Float32Arrays.
 *
 * @example
 * ```ts
 * const kernel = createKernel(velu(), { shape: [2, 1024], dtype: 'float32' });
 * const { y } = kernel.forward({ x: new Float32Array(2048) });
 * ```
 * @throws UnsupportedError, ShapeError, DtypeError or ParameterError for what cannot be compiled, UnavailableError
 * without SIMD, CodeGenerationError where a Content-Security-Policy forbids WebAssembly.
 */
export const createKernel = <Trainable extends string, Named extends string>(
  activation: Activation<Trainable>,
  spec: SpecFor<Trainable, Named>,
): ActivationKernel => createArrayKernel(activation, spec, generated);

/**
 * Compiles an activation for tensors in a memory of the caller's.
 *
 * @example
 * ```ts
 * const memory = new WebAssembly.Memory({ initial: 2 });
 * const kernel = createMemoryKernel(memory, gelu(), { shape: [1024], dtype: 'float32' });
 * new Float32Array(memory.buffer, 0, 1024).fill(1);
 * kernel.forward({ x: 0, y: 4096 });
 * ```
 * @throws UnsupportedError, ShapeError, DtypeError or ParameterError for what cannot be compiled, UnavailableError
 * without SIMD, CodeGenerationError where a Content-Security-Policy forbids WebAssembly.
 */
export const createMemoryKernel = <Trainable extends string, Named extends string>(
  memory: WebAssembly.Memory,
  activation: Activation<Trainable>,
  spec: SpecFor<Trainable, Named>,
): MemoryKernel<PlannedDirection> => openMemoryKernel(memory, activation, spec, generated);

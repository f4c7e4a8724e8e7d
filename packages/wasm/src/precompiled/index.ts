/** Kernels from modules that were compiled ahead of time. No code is generated where they run. */
import { refuse, type Shape, UnsupportedError } from '@isoact/core';
import { type ActivationKernel, createArrayKernel } from '../kernel.ts';
import { type MemoryKernel, openMemoryKernel } from '../memory-kernel.ts';
import { openModule } from './module.ts';

export type { MemoryKernelDirection } from '../direction.ts';
export type { ActivationKernel, KernelResult, KernelVjpResult } from '../kernel.ts';
export type { ForwardOffsets, MemoryKernel, VjpOffsets } from '../memory-kernel.ts';

export interface PrecompiledSpec {
  /** Of the form of the example that the module was compiled for: lengths are free, but those of 1 stay. */
  readonly shape: Shape;
}

/**
 * An activation for Float32Arrays, from a module of `precompile`. Parameters that a call does not bring have the values
 * that they had there.
 *
 * @example
 * ```ts
 * import module from './velu.wasm';
 *
 * const kernel = createKernel(module, { shape: [2, 1024] });
 * const { y } = kernel.forward({ x: new Float32Array(2048) });
 * ```
 * @throws ParameterError for another module, ShapeError for a shape of another form.
 */
export function createKernel(module: WebAssembly.Module, { shape }: PrecompiledSpec): ActivationKernel {
  const { activation, spec, source } = openModule(module, shape);
  return createArrayKernel(activation, spec, source);
}

/**
 * An activation for tensors in a memory of the caller's, from a module of `precompile`.
 *
 * @example
 * ```ts
 * import module from './gelu.wasm';
 *
 * const memory = new WebAssembly.Memory({ initial: 2 });
 * const kernel = createMemoryKernel(memory, module, { shape: [1024] });
 * kernel.forward({ x: 0, y: 4096 });
 * ```
 * @throws ParameterError for another module, ShapeError for a shape of another form, UnsupportedError for a memory that
 * threads share.
 */
export function createMemoryKernel(
  memory: WebAssembly.Memory,
  module: WebAssembly.Module,
  { shape }: PrecompiledSpec,
): MemoryKernel {
  if (!(memory.buffer instanceof ArrayBuffer)) {
    refuse(UnsupportedError, 'the memory of precompiled kernels', 'of one thread', 'shared');
  }
  const { activation, spec, source } = openModule(module, shape);
  return openMemoryKernel(memory, activation, spec, source);
}

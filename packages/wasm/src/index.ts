/** Activation functions as WebAssembly SIMD kernels: on Float32Arrays, or in place in the caller's memory. */
export { type BackendOptions, createBackend } from './backend.ts';
export type { MemoryKernelDirection } from './direction.ts';
export { createKernel, createMemoryKernel, type PlannedDirection } from './generated.ts';
export type { ActivationKernel, KernelResult, KernelVjpResult } from './kernel.ts';
export type { ForwardOffsets, MemoryKernel, VjpOffsets } from './memory-kernel.ts';

/** Activation functions as WebAssembly SIMD kernels: on Float32Arrays, or in place in the caller's memory. */
export { type BackendOptions, createBackend } from './backend.ts';
export type { MemoryKernelDirection } from './direction.ts';
export { type ActivationKernel, createKernel, type KernelResult, type KernelVjpResult } from './kernel.ts';
export {
  createMemoryKernel,
  type ForwardOffsets,
  type MemoryKernel,
  type VjpOffsets,
} from './memory-kernel.ts';

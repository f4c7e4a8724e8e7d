/** Activation functions as fused kernels on the caller's WebGPU device. */
export { createBackend, type WebGPUOptions } from './backend.ts';
export { deviceDescriptor } from './device.ts';
export {
  type ActivationKernel,
  type BufferView,
  createKernel,
  type ForwardBuffers,
  type KernelDirection,
  type KernelOptions,
  type KernelParameters,
  type VjpBuffers,
} from './kernel.ts';

/** Activation functions as fused kernels on the caller's WebGPU device. */
export const packageName = '@isoact/webgpu';

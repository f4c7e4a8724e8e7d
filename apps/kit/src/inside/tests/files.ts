/** The tests that want a real GPU. Those that compare text, or that drive a browser, learn nothing from it. */
export interface GpuTestFile {
  readonly name: string;
  /** Below `packages`. */
  readonly file: string;
  /** Only the tests whose full name matches. */
  readonly only?: string;
}

export const gpuTests: readonly GpuTestFile[] = [
  { name: 'webgpu-kernel', file: 'webgpu/src/kernel.test.ts' },
  { name: 'webgpu-backend', file: 'webgpu/src/backend.test.ts' },
  { name: 'webgpu-float16', file: 'webgpu/src/float16.test.ts' },
  { name: 'tfjs-kernels', file: 'tfjs/src/kernels/webgpu.test.ts' },
  { name: 'onnxruntime-session', file: 'onnxruntime/src/runtime/activation-session.test.ts' },
  { name: 'webgpu-conformance', file: 'webgpu/src/conformance.test.ts' },
  { name: 'tfjs-conformance', file: 'tfjs/src/conformance.test.ts', only: 'tfjs-webgpu' },
  { name: 'onnxruntime-conformance', file: 'onnxruntime/src/conformance.test.ts', only: 'onnxruntime-webgpu' },
];

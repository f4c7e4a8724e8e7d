/** Activation functions as ONNX graphs, and on ONNX Runtime. */

export type { Form } from './export/forms.ts';
export { type BackendOptions, createBackend } from './runtime/backend.ts';
export type { Provider, Runtime } from './runtime/runtime.ts';
export type { OptimizationLevel } from './runtime/session.ts';

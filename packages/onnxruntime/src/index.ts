/** Activation functions as ONNX graphs, and on ONNX Runtime. */

export type { Direction } from './export/activation-graph.ts';
export type { Form } from './export/forms.ts';
export type { Arithmetic } from './export/target.ts';
export { type ExportOptions, toOnnx } from './export/to-onnx.ts';
export type { Dimension } from './onnx/messages.ts';
export {
  type ActivationSession,
  type ActivationSessionOptions,
  createSession,
  type Tensors,
} from './runtime/activation-session.ts';
export { type BackendOptions, createBackend } from './runtime/backend.ts';
export type { Provider, Runtime } from './runtime/runtime.ts';
export type { GpuDevice, OptimizationLevel } from './runtime/session.ts';
export { ModelError } from './surgery/errors.ts';
export { type Inspection, inspectModel } from './surgery/inspect.ts';
export {
  type Replacement,
  type ReplacementReport,
  type ReplacementResult,
  replaceActivations,
} from './surgery/replace.ts';
export type { FoundActivation, ParameterTensor, ReplacementRule } from './surgery/rules.ts';

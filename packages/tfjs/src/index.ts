/** Activation functions as TensorFlow.js operations, fused and differentiable. */
export { type BackendOptions, createBackend } from './backend/create-backend.ts';
export type { BackendName } from './backend/peers.ts';
export { expectedFailures } from './expected-failures.ts';
export type { Form } from './kernels/register.ts';
export { type Activated, type ActivateOptions, activate, activateAll } from './operations/activate.ts';
export * from './operations/catalogue.ts';
export { type Operation, type OperationSettings, operation } from './operations/operation.ts';
export { enableWasmTraining } from './training/wasm-training.ts';

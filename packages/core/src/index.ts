/**
 * One definition of an activation, and everything derived from it: its exact gradient, its plan, its float64 reference.
 */

export * from './activations/ada-relu.ts';
export * from './activations/catalogue.ts';
export * from './activations/exponential.ts';
export * from './activations/gated.ts';
export * from './activations/rectifiers.ts';
export * from './activations/sigmoidal.ts';
export * from './activations/velu.ts';
export type * from './adapter.ts';
export * from './adapter-checks.ts';
export * from './definition.ts';
export * from './errors.ts';
export { float64Functions, float64Operators } from './expression/evaluate.ts';
export * from './expression/node.ts';
export { decodeHalf, encodeHalf } from './float16.ts';
export * from './graph/analysis.ts';
export * from './graph/differentiate.ts';
export * from './graph/geometry.ts';
export type * from './graph/graph.ts';
export * from './graph/variation.ts';
export * from './numerics/index.ts';
export * from './plan/plan.ts';
export * from './plan/target.ts';
export * from './reference/backend.ts';

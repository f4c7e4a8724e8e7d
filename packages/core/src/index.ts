/**
 * One definition of an activation, and everything derived from it: its exact gradient, its plan, its float64 reference.
 */

export * from './activations/ada-relu.ts';
export * from './activations/catalogue.ts';
export * from './activations/dynamic-relu.ts';
export * from './activations/exponential.ts';
export * from './activations/gated.ts';
export * from './activations/rectifiers.ts';
export * from './activations/sigmoidal.ts';
export * from './activations/velu.ts';
export type * from './adapter.ts';
export * from './adapter-checks.ts';
export { checkParameter, givenStateShapes } from './call-checks.ts';
export { defineActivation } from './define.ts';
export {
  type Activation,
  type ActivationDefinition,
  choice,
  type DefinitionContents,
  type Domain,
  type ExtentOption,
  extentOption,
  fixed,
  flag,
  type Interval,
  intervalOption,
  type Kink,
  type Limit,
  type OptionDeclaration,
  type ParameterDeclaration,
  type Settings,
  type TrainableName,
  trainable,
} from './definition.ts';
export * from './errors.ts';
export * from './expression/node.ts';
export { decodeHalf, encodeHalf } from './float16.ts';
export * from './graph/differentiate.ts';
export * from './graph/geometry.ts';
export * from './graph/graph.ts';
export type * from './graph/grouping.ts';
export * from './graph/parts.ts';
export * from './graph/roots.ts';
export type * from './graph/variation.ts';
export { noiseAt, noiseOf, philox, type Seed } from './noise.ts';
export type * from './numerics/index.ts';
export type * from './plan/plan.ts';
export type * from './plan/target.ts';
export * from './reference/backend.ts';
export {
  createReference,
  type Numbers,
  type Reference,
  type ReferenceInputs,
  type ReferenceVjpInputs,
} from './reference/reference.ts';

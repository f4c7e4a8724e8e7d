/** From a plan to code that a target runs. */
export * from './glsl/index.ts';
export * from './javascript/compile.ts';
export * from './javascript/generate.ts';
export * from './wgsl/index.ts';

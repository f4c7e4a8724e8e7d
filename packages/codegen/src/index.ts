/** From a plan to code that a target runs. */
export * from './code-generation-error.ts';
export * from './glsl/index.ts';
export * from './javascript/compile.ts';
export * from './javascript/generate.ts';
export * from './wasm/index.ts';
export * from './wgsl/index.ts';

/** From a plan to WGSL, GLSL, JavaScript and WebAssembly. */
export * from './wgsl/index.ts';

/** From a plan to WGSL, GLSL, JavaScript and WebAssembly. */
export const packageName = '@isoact/codegen';

/** From a plan to fragment programs in GLSL ES 3.00. */
export { generateGlsl, webglTarget } from './generate.ts';
export type { GlslKernel, GlslProgram, GlslTarget, GlslTexture } from './program.ts';

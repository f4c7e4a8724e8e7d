/** From a plan to WGSL kernels. */
export type { Device, Tuning } from './form.ts';
export type { Binding, ElementRange, Kernel, UniformValue } from './kernel.ts';
export { generateProgram, type Program } from './program.ts';
export { bytesOf, type Storage } from './storage.ts';

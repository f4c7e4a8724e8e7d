/**
 * A kernel: its text, and what a caller binds to it. The text holds no sizes and no parameter values, so that one
 * pipeline serves every batch size and every value.
 */

/** A 4-byte word of the uniform buffer. */
export type UniformValue =
  | { readonly type: 'u32'; readonly value: number }
  | { readonly type: 'f32'; readonly value: number }
  /** A scalar parameter, set by the caller. */
  | { readonly type: 'parameter'; readonly name: string }
  /** A word of the seed of noise, set by the caller. */
  | { readonly type: 'seed'; readonly word: 0 | 1 };

/** The elements of a tensor that a kernel is bound to; all of them unless it says so. */
export interface ElementRange {
  readonly start: number;
  readonly length: number;
}

/** A storage buffer. Inputs are element-shaped; parameters and state have one number per group. */
export type Binding =
  | { readonly kind: 'input'; readonly name: string; readonly access: 'read'; readonly range?: ElementRange }
  | { readonly kind: 'output'; readonly name: string; readonly access: 'write'; readonly range?: ElementRange }
  | { readonly kind: 'parameter' | 'state'; readonly name: string; readonly access: 'read' }
  | { readonly kind: 'scalar'; readonly name: string; readonly access: 'write' }
  | { readonly kind: 'scratch'; readonly access: 'read' | 'write' };

export interface Kernel {
  /** What it does, for debuggers: 'gelu forward: y'. */
  readonly label: string;
  readonly code: string;
  /** Words of the uniform buffer, which is binding 0 where there are any. */
  readonly uniforms: readonly UniformValue[];
  /** Storage buffers, from the binding after the uniforms' on. */
  readonly bindings: readonly Binding[];
  /** Number of workgroups; kernels take it in two dimensions where it exceeds what fits one. */
  readonly workgroups: number;
}

/** Invocations per workgroup. */
export const workgroupSize = 256;

export const indent = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => line.split('\n')).map((line) => (line === '' ? line : `  ${line}`));

/**
 * A plan as fragment programs: each writes one number per output texel, found by its index, from textures that are
 * read by index too. What one program cannot do in a texel, sums over a group above all, takes several.
 */
import type { Gather, Plan, Statistic } from '@isoact/core';

/** A texture that a program reads: the caller's, or what an earlier program wrote. */
export type GlslTexture =
  | { readonly kind: 'input' | 'parameter' | 'state'; readonly name: string }
  | { readonly kind: 'intermediate'; readonly id: number };

export type GlslTarget =
  | { readonly kind: 'output' | 'scalar'; readonly name: string }
  | { readonly kind: 'intermediate'; readonly id: number };

export interface GlslKernel {
  readonly label: string;
  /** Functions, and `float valueAt(int index)`, the number at an index of the target. */
  readonly code: string;
  /**
   * Textures by the names whose readers the code calls: `get` and the name with a capital, with an index; or that and
   * `AtOutCoords`, without one, for the place that is written, in a texture that is as long.
   */
  readonly reads: readonly { readonly name: string; readonly texture: GlslTexture }[];
  /** Whether all that it reads is at the place that it writes: the code is then the same for any length. */
  readonly inPlace: boolean;
  /** Scalar parameters that are numbers: float uniforms by these names. */
  readonly uniforms: readonly { readonly name: string; readonly parameter: string }[];
  /** The ivec2 uniform that holds the two words of the seed, where noise is drawn. */
  readonly seed?: string;
  readonly target: GlslTarget;
  /** Numbers that are written. */
  readonly length: number;
}

export interface GlslProgram {
  readonly plan: Plan;
  /** In the order in which they must run. */
  readonly kernels: readonly GlslKernel[];
}

/**
 * The intermediate textures that a gather left, one number per group in each.
 *
 * Mean and variance are gathered over t - pivot, the pivot a finite element of the group, and deviations squared in units of a
 * power of two near the largest of them: 1e4 ± 1e-2 keeps its spread, and 1e-20 its squares.
 */
export interface GatheredTextures {
  readonly gather: Gather;
  /** The sum or count; for moments the sum of t - pivot. */
  readonly sum: number;
  /** For moments. */
  readonly pivot?: number;
  readonly peak?: number;
  readonly squares?: number;
}

export const yields = (gathered: GatheredTextures, statistic: Statistic): boolean =>
  gathered.gather.statistics.includes(statistic);

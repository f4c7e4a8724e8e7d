/** What a generated function is called with. The list depends on the form of a layout, never on its lengths. */
import { elementCount, type Shape } from '@isoact/core';
import { groupingOf } from '@isoact/core/plan';

export type WasmArgument =
  /** Byte offset of an element-shaped tensor. */
  | { readonly kind: 'input' | 'output'; readonly name: string }
  /** The number itself where it is one for all, else the byte offset of an array. */
  | { readonly kind: 'parameter'; readonly name: string; readonly form: 'value' | 'array' }
  /** Byte offset of one number per group. */
  | { readonly kind: 'state' | 'scalar'; readonly name: string }
  /** Byte offset of memory to work in, for values of this size, one per group. */
  | { readonly kind: 'scratch'; readonly name: string; readonly spanned: readonly number[]; readonly bytes: number }
  /** The index of the first element that the call is about, by which noise is drawn: 0 unless it is part of a tensor. */
  | { readonly kind: 'start' }
  /** A word of the seed of noise. */
  | { readonly kind: 'seed'; readonly name: 0 | 1 }
  /** The product of the lengths of some axes. */
  | { readonly kind: 'length'; readonly axes: readonly number[] };

export const lengthOf = (axes: readonly number[], shape: Shape): number =>
  elementCount(axes.map((axis) => shape[axis] as number));

/** Vectors are written whole: room for the lanes behind the last group. */
const padding = 32;

/** The bytes that a scratch argument needs, with those that keep the next one aligned. */
export const scratchBytes = ({ spanned, bytes }: Extract<WasmArgument, { kind: 'scratch' }>, shape: Shape): number =>
  Math.ceil((groupingOf(shape, spanned).groups * bytes) / 16) * 16 + padding;

/** A test that somebody else wrote: an activation, what goes in, what must come out, and how nearly. */
import { type Activation, ParameterError, type Shape } from '@isoact/core';

/** How far a result may be from what the peers expect, by their own rule. */
export type PeerTolerance =
  | { readonly kind: 'ulp'; readonly ulps: number }
  | { readonly kind: 'relative'; readonly relative: number; readonly absolute: number };

export interface PeerCase {
  readonly name: string;
  readonly activation: Activation;
  readonly shape: Shape;
  readonly x: Float32Array;
  readonly parameterShapes: Readonly<Record<string, Shape>>;
  readonly parameters: Readonly<Record<string, Float32Array>>;
  readonly expected: Float32Array;
  readonly tolerance: PeerTolerance;
}

/** What a file or folder holds: cases, and what is none that an activation could answer. */
export interface PeerCases {
  readonly cases: readonly PeerCase[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Something that no activation of the catalogue can answer; the rest of the file may. */
export class NoSuchCase extends Error {
  override readonly name = 'NoSuchCase';
}

/** An activation as a peer sets it. @throws NoSuchCase for settings outside its domain, as a negative slope. */
export function asSet(make: () => Activation): Activation {
  try {
    return make();
  } catch (error) {
    throw error instanceof ParameterError ? new NoSuchCase(error.message) : error;
  }
}

/** Whether a result is what the peers expect. A NaN is NaN alone, and an infinity itself. */
export function meets(got: number, expected: number, tolerance: PeerTolerance): boolean {
  if (Number.isNaN(expected) || Number.isNaN(got)) return Number.isNaN(expected) && Number.isNaN(got);
  if (!Number.isFinite(expected) || !Number.isFinite(got)) return got === expected;
  if (tolerance.kind === 'ulp') return ulpsBetween(got, expected) <= tolerance.ulps;
  return Math.abs(got - expected) <= tolerance.absolute + tolerance.relative * Math.abs(expected);
}

const word = new DataView(new ArrayBuffer(4));

/** Float32 numbers between two of them, as both formats count: on one line, with both zeros at one place. */
export function ulpsBetween(one: number, two: number): number {
  return Math.abs(lineOf(one) - lineOf(two));
}

function lineOf(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

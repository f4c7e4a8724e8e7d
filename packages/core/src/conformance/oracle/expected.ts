/** The form of an answer: values, and what it takes to tell how far off they may be. */
import { once } from '../remembered.ts';
import type { Sway } from './sway.ts';

export const coefficientNames = ['value', 'magnitude', 'a', 'b', 'c', 'floor', 'k'] as const;

/**
 * Values and the coefficients of their tolerance; see `bounds.ts`. The coefficients are computed when one of them is
 * asked for: exact answers need none.
 */
export type Expected = Readonly<Record<(typeof coefficientNames)[number], Float64Array>>;

/** Another answer that is right as well. */
export interface Alternative {
  /** A comparison of computed numbers may go either way; a sum in float32 may overflow on its way. */
  readonly because: 'comparison' | 'overflow';
  readonly expected: Expected;
  /** Of a sum whose terms may each go either way; right is whatever lies between. */
  readonly sway: Sway | null;
}

export interface ExpectedOutput {
  /** 'y' and 'penalty', or 'x' and the parameters' names; a state's name in `state`. */
  readonly name: string;
  readonly kind: 'field' | 'penalty' | 'parameter' | 'state';
  /** Which part of y it is; 0 of all else. */
  readonly part: number;
  readonly expected: Expected;
  /** Computed when asked for. */
  readonly alternatives: readonly Alternative[];
  /** The element that each value stands at. */
  readonly elements: Uint32Array | undefined;
}

/** The value where it is known, and the coefficients that are computed when one of them is read. */
export function lazily(value: Float64Array | undefined, compute: () => readonly Float64Array[]): Expected {
  const computed = once(() => {
    const [known, magnitude, a, b, c, floor, k] = compute() as Seven;
    return { value: known, magnitude, a, b, c, floor, k } satisfies Expected;
  });
  return {
    get value() {
      return value ?? computed().value;
    },
    get magnitude() {
      return computed().magnitude;
    },
    get a() {
      return computed().a;
    },
    get b() {
      return computed().b;
    },
    get c() {
      return computed().c;
    },
    get floor() {
      return computed().floor;
    },
    get k() {
      return computed().k;
    },
  };
}

/** One array for each of `coefficientNames`, in their order. */
type Seven = readonly [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

export const emptySums = (count: number): Expected => {
  const zeros = new Float64Array(count);
  return { value: zeros, magnitude: zeros, a: zeros, b: zeros, c: zeros, floor: zeros, k: zeros };
};

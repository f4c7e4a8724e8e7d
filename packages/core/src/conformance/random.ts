/** Seeded numbers, so that every case can be made again from the seed and its own name. */
import { unitsOf } from './bytes.ts';

/** A 32-bit hash of text (FNV-1a, finished as in MurmurHash3). */
function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export interface Random {
  /** Any 32 bits. */
  bits(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
  pick<T>(values: readonly T[]): T;
}

const ofOneBit = 2 ** -32;

/** The generator of the case with this name (sfc32 by Chris Doty-Humphrey). */
export function createRandom(seed: number, name: string): Random {
  let [a, b, c, counter] = [seed | 0, hashText(name, seed) | 0, 0x9e3779b9 | 0, 1];
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let k = 0; k < 12; k++) bits();
  const unit = (): number => bits() * ofOneBit;
  return {
    bits,
    uniform: (low, high) => low + (high - low) * unit(),
    integer: (bound) => Math.floor(unit() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    pick: (values) => values[Math.floor(unit() * values.length)] as (typeof values)[number],
  };
}

/** A running hash of everything that a run fed to its subject. */
export interface Digest {
  text(value: string): void;
  data(values: ArrayBufferView): void;
  hex(): string;
}

export function createDigest(): Digest {
  let [first, second] = [0x811c9dc5, 0xc2b2ae35];
  const add = (bits: number): void => {
    first = Math.imul(first ^ bits, 0x01000193);
    // FNV alone never carries a high bit of a word to the low ones
    first ^= first >>> 15;
    second = (Math.imul(second ^ bits, 0x85ebca6b) + 0x9e3779b9) | 0;
    second ^= second >>> 13;
  };
  return {
    text: (value) => {
      for (let k = 0; k < value.length; k++) add(value.charCodeAt(k));
    },
    data: (values) => {
      const units = unitsOf(values);
      for (let k = 0; k < units.length; k++) add(units[k] as number);
    },
    hex: () => [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}

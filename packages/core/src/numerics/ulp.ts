/** For tests: distances in units of the last place of float32, and the points to measure them at. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function floatFromBits(pattern: number): number {
  bits[0] = pattern;
  return float[0] as number;
}

/** The spacing of float32 numbers at a real number; 2^-149 among the subnormals. */
function ulp(value: number): number {
  float[0] = Math.abs(value);
  const exponent = ((bits[0] as number) >>> 23) - 127;
  const rounded = float[0] as number;
  // a value just below a power of two may have rounded up to it
  const below = rounded > Math.abs(value) && ((bits[0] as number) & 0x7fffff) === 0 ? 1 : 0;
  return 2 ** (Math.max(exponent - below, -126) - 23);
}

/** |got - truth| in ulps of the truth. Overflow counts as 2^128; NaN agrees with NaN alone. */
export function ulpsBetween(got: number, truth: number): number {
  if (Number.isNaN(got) || Number.isNaN(truth)) return Number.isNaN(got) && Number.isNaN(truth) ? 0 : Infinity;
  const [a, b] = [got, truth].map((value) => Math.min(Math.max(value, -(2 ** 128)), 2 ** 128)) as [number, number];
  return Math.abs(a - b) / Math.min(ulp(b), 2 ** 104);
}

/** About `count` float32 numbers, evenly spaced in the order of their bit patterns, NaN and both infinities among them. */
export function* sweep(count: number): Generator<number> {
  const step = Math.floor(2 ** 32 / count) | 1;
  for (let pattern = 0; pattern < 2 ** 32; pattern += step) yield floatFromBits(pattern);
}

export function worstOver(
  compute: (t: number) => number,
  truth: (t: number) => number,
  points: Iterable<number>,
): { ulps: number; at: number } {
  let worst = { ulps: 0, at: Number.NaN };
  for (const at of points) {
    const ulps = ulpsBetween(compute(at), truth(at));
    if (ulps > worst.ulps) worst = { ulps, at };
  }
  return worst;
}

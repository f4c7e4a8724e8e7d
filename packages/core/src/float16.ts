/** IEEE half precision, which JavaScript has no array of everywhere: its bits travel in a Uint16Array. */

/** The number that half-precision bits stand for. */
export function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

/** The half-precision bits nearest to a number, ties to even. */
export function encodeHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  // the binade above 2^-14, whose magnitude · 2^14 lies in [1, 2^30) where it is that of a normal number
  const binade = Math.max(31 - Math.clz32(magnitude * 2 ** 14), 0);
  // below 2^11, so that adding 2^52 rounds it to an integer, ties to even
  const steps = (magnitude * 2 ** 24) / (1 << binade) + 2 ** 52 - 2 ** 52;
  // steps carries the leading bit of a normal number into the exponent's field
  return sign | ((binade << 10) + steps);
}

/** The half-precision number nearest to a number. */
export const roundToHalf = (value: number): number => decodeHalf(encodeHalf(value));

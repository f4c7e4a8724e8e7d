/** IEEE 754 binary16 as its bits: Node 20 has no Float16Array. */

/** The nearest float16, ties to even. */
export function toFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00; // halfway between the largest number and the next power of two
  if (magnitude < 2 ** -25) return sign;
  // Multiples of one unit in the last place are whole numbers; subnormals share the smallest normal's unit.
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const units = roundHalfToEven(magnitude / 2 ** (exponent - 10));
  return sign | ((exponent + 14) * 1024 + units);
}

/** The number that a float16's bits denote. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

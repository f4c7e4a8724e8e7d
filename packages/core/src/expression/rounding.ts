/** Roundings that JavaScript lacks. */

/** To the nearest integer, ties to even: adding 2^52 leaves no room for a fraction. */
export const roundHalfToEven = (t: number): number =>
  Math.abs(t) < 2 ** 52 ? Math.sign(t) * (Math.abs(t) + 2 ** 52 - 2 ** 52) : t;

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** The upper 12 bits of a float32's significand. */
export function highPartOf(t: number): number {
  bits.setFloat32(0, t);
  bits.setUint32(0, bits.getUint32(0) & 0xfffff000);
  return bits.getFloat32(0);
}

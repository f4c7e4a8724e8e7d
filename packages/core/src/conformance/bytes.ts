/** Arrays by their bits. */

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Whole words where the array is made of such, which takes a quarter of the time of going through its bytes. */
export const unitsOf = (values: ArrayBufferView): Uint32Array | Uint8Array =>
  isWords(values) ? new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4) : bytesOf(values);

const isWords = ({ byteOffset, byteLength }: ArrayBufferView): boolean => byteOffset % 4 === 0 && byteLength % 4 === 0;

/** Whether two arrays hold the same bits. */
export function sameBits(one: ArrayBufferView, two: ArrayBufferView): boolean {
  if (one.byteLength !== two.byteLength) return false;
  const units = isWords(one) && isWords(two) ? unitsOf : bytesOf;
  const [first, second] = [units(one), units(two)];
  for (let k = 0; k < first.length; k++) if (first[k] !== second[k]) return false;
  return true;
}

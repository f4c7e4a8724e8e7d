/** NaN has many encodings; a test by comparison with one of them must fail. */
const encodings = [0x7fc00000, 0xffc00000, 0x7fa00000, 0x7fffffff, 0xff800001];

/** Gives each NaN of a float32 tensor another encoding, by turns. */
export function varyNaNs(data: ArrayBufferView): void {
  if (!(data instanceof Float32Array)) return;
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let seen = 0;
  data.forEach((value, index) => {
    if (Number.isNaN(value)) bits[index] = encodings[seen++ % encodings.length] as number;
  });
}

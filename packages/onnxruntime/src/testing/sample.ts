/** Numbers of many magnitudes and both signs, the same at every call. */
export const sample = (length: number, scale = 4): Float32Array =>
  Float32Array.from({ length }, (_, index) => scale * Math.sin(index * 12.9898) * 2 ** -((index * 7) % 5));

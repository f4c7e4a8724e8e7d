import { describe, expect, test } from 'vitest';
import { noiseAt, noiseOf, philoxWords } from './noise.ts';

/** Known answers, from kat_vectors of Random123 1.14. */
const known = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

describe('Philox4x32-10', () => {
  test.each(known)('of $counter and $key', ({ counter, key, words }) => {
    expect([...philoxWords(counter, key)]).toEqual([...words]);
  });
});

describe('noise', () => {
  test('is the upper 24 bits of the first word, at the index', () => {
    expect(noiseAt(0, [0, 0])).toBe(0x6627e8 * 2 ** -24);
    expect(noiseOf(5, [3, 4])[4]).toBe(noiseAt(4, [3, 4]));
    expect(noiseAt(2 ** 32 + 7, [3, 4])).toBe(((philoxWords([7, 1, 0, 0], [3, 4])[0] as number) >>> 8) * 2 ** -24);
  });

  test('lies in [0, 1) with the mean and the variance of U(0, 1), and differs with the seed', () => {
    const length = 2 ** 16;
    const noise = noiseOf(length, [1, 2]);
    const mean = noise.reduce((sum, value) => sum + value, 0) / length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
    expect(Math.min(...noise)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...noise)).toBeLessThan(1);
    // five standard errors
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / length));
    for (const seed of [
      [2, 2],
      [1, 3],
    ]) {
      const other = noiseOf(length, seed);
      expect(other.filter((value, index) => value === noise[index]).length).toBeLessThan(10);
    }
  });
});

/** Philox4x32-10 in shading languages, whose products of words keep the lower half only; see `noiseAt` of core. */
import { philox } from '@isoact/core';
import type { Helper, HelperName } from './dialect.ts';

/** What the languages spell differently. */
export interface NoiseSpelling {
  /** A function of two words that gives a word, with a body. */
  readonly ofWords: (name: string, body: readonly string[]) => string;
  /** The function `noiseAt(index, low, high)` with a body. */
  readonly ofIndex: (body: readonly string[]) => string;
  /** A statement that names a constant word, and one that names a word that changes. */
  readonly constant: (name: string, value: string) => string;
  readonly variable: (name: string, value: string) => string;
  readonly loop: (rounds: number) => string;
  readonly toNumber: (word: string) => string;
}

const word = (value: number): string => `0x${value.toString(16)}u`;

export function noiseHelpers(spelling: NoiseSpelling): Readonly<Record<'productHigh' | 'noiseAt', Helper>> {
  const { ofWords, ofIndex, constant, variable, loop, toNumber } = spelling;
  const [first, second] = philox.multipliers.map(word) as [string, string];
  const [lowStep, highStep] = philox.increments.map(word) as [string, string];
  const uses: readonly HelperName[] = ['productHigh'];
  const productHigh = ofWords('productHigh', [
    constant('lower', '(a & 0xffffu) * (b & 0xffffu)'),
    constant('middle', '(a >> 16u) * (b & 0xffffu) + (lower >> 16u)'),
    constant('other', '(a & 0xffffu) * (b >> 16u) + (middle & 0xffffu)'),
    'return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);',
  ]);
  const noiseAt = ofIndex([
    ...['a', 'b', 'c', 'd'].map((name) => variable(name, name === 'a' ? 'index' : '0u')),
    variable('keyLow', 'low'),
    variable('keyHigh', 'high'),
    loop(philox.rounds),
    `  ${constant('highA', `productHigh(${first}, a)`)}`,
    `  ${constant('highC', `productHigh(${second}, c)`)}`,
    `  ${constant('lowA', `${first} * a`)}`,
    `  ${constant('lowC', `${second} * c`)}`,
    '  a = highC ^ b ^ keyLow;',
    '  b = lowC;',
    '  c = highA ^ d ^ keyHigh;',
    '  d = lowA;',
    `  keyLow += ${lowStep};`,
    `  keyHigh += ${highStep};`,
    '}',
    `return ${toNumber('a >> 8u')} * 5.9604645e-8;`,
  ]);
  return {
    productHigh: { text: `// The upper word of the product of two words.\n${productHigh}`, uses: [] },
    noiseAt: { text: `// The first word of Philox4x32-10, its upper 24 bits in [0, 1).\n${noiseAt}`, uses },
  };
}

/**
 * Small functions that GLSL lacks or does not promise, in GLSL ES 3.00. Tests of signs and of NaN look at bits: a
 * driver may flush subnormals when it compares, and may assume that there is no NaN and no infinity.
 */
import type { Helper, HelperName } from '../shader/dialect.ts';
import { noiseHelpers } from '../shader/noise.ts';

const test = (name: string, condition: string, uses: readonly HelperName[] = []): Helper => ({
  text: `bool ${name}(float t) {\n  return ${condition};\n}`,
  uses,
});

const pair = (name: string, condition: string): Helper => ({
  text: `bool ${name}(float a, float b) {\n  return !isNaN(a) && !isNaN(b) && ${condition};\n}`,
  uses: ['isNaN', 'ordered'],
});

const extreme = (name: string, of: string): Helper => ({
  text: `float ${name}(float a, float b) {\n  return isNaN(a) ? a : (isNaN(b) ? b : ${of}(a, b));\n}`,
  uses: ['isNaN'],
});

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

export const helpers: Readonly<Record<HelperName, Helper>> = {
  isNaN: test('isNaN', '(floatBitsToUint(t) & 0x7fffffffu) > 0x7f800000u'),
  isInfinity: test('isInfinity', 'floatBitsToUint(t) == 0x7f800000u'),
  isZero: test('isZero', '(floatBitsToUint(t) << 1u) == 0u'),
  isPositive: test('isPositive', 'floatBitsToUint(t) - 1u < 0x7f800000u'),
  isNegative: test('isNegative', 'floatBitsToUint(t) - 0x80000001u < 0x7f800000u'),
  isPositiveOrZero: test('isPositiveOrZero', 'floatBitsToUint(t) <= 0x7f800000u || floatBitsToUint(t) == 0x80000000u'),
  isNegativeOrZero: test(
    'isNegativeOrZero',
    'floatBitsToUint(t) - 0x80000000u <= 0x7f800000u || floatBitsToUint(t) == 0u',
  ),
  ordered: {
    text: `// Integers in the order of the numbers, with one zero.
int ordered(float t) {
  int bits = floatBitsToInt(t);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}`,
    uses: [],
  },
  isLess: pair('isLess', 'ordered(a) < ordered(b)'),
  isLessOrEqual: pair('isLessOrEqual', 'ordered(a) <= ordered(b)'),
  isEqual: pair('isEqual', 'ordered(a) == ordered(b)'),
  infinity: { text: 'float infinity() {\n  return uintBitsToFloat(0x7f800000u);\n}', uses: [] },
  notANumber: { text: 'float notANumber() {\n  return uintBitsToFloat(0x7fc00000u);\n}', uses: [] },
  productOrZero: {
    text: `// a·b, and 0 where b is 0 and a is NaN.
float productOrZero(float a, float b) {
  return isZero(b) ? 0.0 : a * b;
}`,
    uses: ['isZero'],
  },
  vanishingProduct: {
    text: `// a·b, and 0 where b is 0, or so small that a device may take it for 0, and a is infinite.
float vanishingProduct(float a, float b) {
  bool boundless = (floatBitsToUint(a) & 0x7f800000u) == 0x7f800000u;
  bool vanishes = (floatBitsToUint(b) & 0x7fffffffu) < (boundless ? 0x00800000u : 1u);
  return vanishes ? 0.0 : a * b;
}`,
    uses: [],
  },
  minimumOf: extreme('minimumOf', 'min'),
  maximumOf: extreme('maximumOf', 'max'),
  scaleByPowerOfTwo: {
    text: `// a·2^k for whole k from -252 to 254, in two steps, each by a power that float32 holds.
float scaleByPowerOfTwo(float a, float k) {
  int power = int(k);
  int low = power >> 1;
  return a * intBitsToFloat((low + 127) << 23) * intBitsToFloat((power - low + 127) << 23);
}`,
    uses: [],
  },
  scaleOrVanish: {
    text: `// a·2^k for whole k up to 127, and 0 below -126: what is subnormal may vanish.
float scaleOrVanish(float a, float k) {
  return a * intBitsToFloat((int(max(k, -127.0)) + 127) << 23);
}`,
    uses: [],
  },
  hasSign: test('hasSign', 'floatBitsToInt(t) < 0'),
  highPart: {
    text: 'float highPart(float t) {\n  return uintBitsToFloat(floatBitsToUint(t) & 0xfffff000u);\n}',
    uses: [],
  },
  ...noiseHelpers({
    ofWords: (name, body) => [`uint ${name}(uint a, uint b) {`, ...indented(body), '}'].join('\n'),
    ofIndex: (body) => ['float noiseAt(uint index, uint low, uint high) {', ...indented(body), '}'].join('\n'),
    constant: (name, value) => `uint ${name} = ${value};`,
    variable: (name, value) => `uint ${name} = ${value};`,
    loop: (rounds) => `for (int turn = 0; turn < ${rounds}; turn++) {`,
    toNumber: (word) => `float(${word})`,
  }),
};

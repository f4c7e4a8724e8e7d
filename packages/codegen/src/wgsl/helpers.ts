/**
 * Small functions that WGSL lacks or does not promise. Tests of signs and of NaN look at bits: a driver may flush
 * subnormals when it compares, and may assume that there is no NaN and no infinity.
 */
import type { Helper, HelperName } from '../shader/dialect.ts';
import { noiseHelpers } from '../shader/noise.ts';

const test = (name: string, condition: string, uses: readonly HelperName[] = []): Helper => ({
  text: `fn ${name}(t: f32) -> bool {\n  return ${condition};\n}`,
  uses,
});

const pair = (name: string, condition: string): Helper => ({
  text: `fn ${name}(a: f32, b: f32) -> bool {\n  return !isNaN(a) && !isNaN(b) && ${condition};\n}`,
  uses: ['isNaN', 'ordered'],
});

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

export const helpers: Readonly<Record<HelperName, Helper>> = {
  isNaN: test('isNaN', '(bitcast<u32>(t) & 0x7fffffffu) > 0x7f800000u'),
  isInfinity: test('isInfinity', 'bitcast<u32>(t) == 0x7f800000u'),
  isZero: test('isZero', '(bitcast<u32>(t) << 1u) == 0u'),
  isPositive: test('isPositive', 'bitcast<u32>(t) - 1u < 0x7f800000u'),
  isNegative: test('isNegative', 'bitcast<u32>(t) - 0x80000001u < 0x7f800000u'),
  isPositiveOrZero: test('isPositiveOrZero', 'bitcast<u32>(t) <= 0x7f800000u || bitcast<u32>(t) == 0x80000000u'),
  isNegativeOrZero: test('isNegativeOrZero', 'bitcast<u32>(t) - 0x80000000u <= 0x7f800000u || bitcast<u32>(t) == 0u'),
  ordered: {
    text: `// Integers in the order of the numbers, with one zero.
fn ordered(t: f32) -> i32 {
  let bits = bitcast<i32>(t);
  return select(bits, -(bits & 0x7fffffff), bits < 0);
}`,
    uses: [],
  },
  isLess: pair('isLess', 'ordered(a) < ordered(b)'),
  isLessOrEqual: pair('isLessOrEqual', 'ordered(a) <= ordered(b)'),
  isEqual: pair('isEqual', 'ordered(a) == ordered(b)'),
  infinity: {
    text: 'fn infinity() -> f32 {\n  var bits = 0x7f800000u;\n  return bitcast<f32>(bits);\n}',
    uses: [],
  },
  notANumber: {
    text: 'fn notANumber() -> f32 {\n  var bits = 0x7fc00000u;\n  return bitcast<f32>(bits);\n}',
    uses: [],
  },
  productOrZero: {
    text: `// a·b, and 0 where b is 0 and a is NaN.
fn productOrZero(a: f32, b: f32) -> f32 {
  return select(a * b, 0.0, isZero(b));
}`,
    uses: ['isZero'],
  },
  vanishingProduct: {
    text: `// a·b, and 0 where b is 0, or so small that a device may take it for 0.
fn vanishingProduct(a: f32, b: f32) -> f32 {
  return select(a * b, 0.0, (bitcast<u32>(b) & 0x7fffffffu) < 0x00800000u);
}`,
    uses: [],
  },
  minimumOf: {
    text: `fn minimumOf(a: f32, b: f32) -> f32 {
  return select(select(min(a, b), b, isNaN(b)), a, isNaN(a));
}`,
    uses: ['isNaN'],
  },
  maximumOf: {
    text: `fn maximumOf(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, isNaN(b)), a, isNaN(a));
}`,
    uses: ['isNaN'],
  },
  scaleByPowerOfTwo: {
    text: `// a·2^k for whole k from -252 to 254, in two steps, each by a power that float32 holds. A sum with 1.5·2^23 has the
// whole number in its lowest bits.
fn scaleByPowerOfTwo(a: f32, k: f32) -> f32 {
  let half = bitcast<u32>(k * 0.5 + 12583039.0);
  let rest = bitcast<u32>(k + 12583166.0) - half;
  return a * bitcast<f32>(half << 23u) * bitcast<f32>(rest << 23u);
}`,
    uses: [],
  },
  scaleOrVanish: {
    text: `// a·2^k for whole k up to 127, and 0 below -126: what is subnormal may vanish.
fn scaleOrVanish(a: f32, k: f32) -> f32 {
  return a * bitcast<f32>(bitcast<u32>(max(k, -127.0) + 12583039.0) << 23u);
}`,
    uses: [],
  },
  hasSign: test('hasSign', 'bitcast<i32>(t) < 0'),
  highPart: {
    text: 'fn highPart(t: f32) -> f32 {\n  return bitcast<f32>(bitcast<u32>(t) & 0xfffff000u);\n}',
    uses: [],
  },
  ...noiseHelpers({
    ofWords: (name, body) => [`fn ${name}(a: u32, b: u32) -> u32 {`, ...indented(body), '}'].join('\n'),
    ofIndex: (body) => ['fn noiseAt(index: u32, low: u32, high: u32) -> f32 {', ...indented(body), '}'].join('\n'),
    constant: (name, value) => `let ${name} = ${value};`,
    variable: (name, value) => `var ${name} = ${value};`,
    loop: (rounds) => `for (var turn = 0; turn < ${rounds}; turn++) {`,
    toNumber: (word) => `f32(${word})`,
  }),
};

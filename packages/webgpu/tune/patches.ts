/** Other texts for what kernels call often, to see what each is worth. Not all keep the results. */

export type Patch = (code: string) => string;

const replaceFunction =
  (name: string, text: string): Patch =>
  (code) =>
    code.replace(new RegExp(`fn ${name}\\([\\s\\S]*?\\n}`), text);

const scale = replaceFunction(
  'scaleByPowerOfTwo',
  `fn scaleByPowerOfTwo(a: f32, k: f32) -> f32 {
  let sum = bitcast<u32>(k + 12583166.0);
  let half = bitcast<u32>(k * 0.5 + 12583039.0);
  return a * bitcast<f32>(half << 23u) * bitcast<f32>((sum - half) << 23u);
}`,
);
const scaleOnce = replaceFunction(
  'scaleByPowerOfTwo',
  `fn scaleByPowerOfTwo(a: f32, k: f32) -> f32 {
  return a * bitcast<f32>(bitcast<u32>(k + 12583039.0) << 23u);
}`,
);
const signs = replaceFunction('isNegative', 'fn isNegative(t: f32) -> bool {\n  return bitcast<i32>(t) < 0;\n}');
const compareNaN = replaceFunction('isNaN', 'fn isNaN(t: f32) -> bool {\n  return t != t;\n}');
const plainProduct: Patch = (code) =>
  ['vanishingProduct', 'productOrZero'].reduce(
    (text, name) => replaceFunction(name, `fn ${name}(a: f32, b: f32) -> f32 {\n  return a * b;\n}`)(text),
    code,
  );
const clampedProduct = replaceFunction(
  'vanishingProduct',
  `fn vanishingProduct(a: f32, b: f32) -> f32 {
  return select(a * b, 0.0, abs(b) < 1.17549435e-38);
}`,
);
/** Functions of the library without their own care for NaN. */
const libraryWithoutNaN: Patch = (code) =>
  code.replace(/(fn \w+_f32\(t: f32\)[\s\S]*?)select\((.*), t, isNaN\(t\)( \|\| [^;]*)?\);/g, (_, head, body, rest) =>
    rest ? `${head}select(${body}, t, ${rest.slice(4)});` : `${head}${body};`,
  );
const magicRound: Patch = (code) =>
  code
    .replace(/\bround\(/g, 'roundByMagic(')
    .replace(/\nfn /, '\nfn roundByMagic(t: f32) -> f32 {\n  return (t + 12582912.0) - 12582912.0;\n}\n\nfn ');
export const patches: Readonly<Record<string, Patch>> = {
  none: (code) => code,
  scale,
  scaleOnce,
  signs,
  compareNaN,
  libraryWithoutNaN,
  plainProduct,
  clampedProduct,
  magicRound,
  exact: (code) => [scale, signs, compareNaN, libraryWithoutNaN].reduce((text, patch) => patch(text), code),
  all: (code) =>
    [scaleOnce, signs, compareNaN, libraryWithoutNaN, plainProduct].reduce((text, patch) => patch(text), code),
};

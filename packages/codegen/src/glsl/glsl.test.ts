import { adaRelu, gelu, relu, velu } from '@isoact/core';
import { plan } from '@isoact/core/plan';
import { expect, test } from 'vitest';
import { generateGlsl, webglTarget } from './index.ts';

const generate = (activation: ReturnType<typeof velu>, direction: 'forward' | 'vjp', shape: number[] = [4, 1024]) =>
  generateGlsl(plan(activation, { shape, dtype: 'float32' }, direction, webglTarget)).kernels;

test('a program reads like its formula', () => {
  const [kernel] = generate(relu(), 'vjp');
  expect(kernel?.reads).toEqual([
    { name: 'x_in', texture: { kind: 'input', name: 'x' } },
    { name: 'upstream_in', texture: { kind: 'input', name: 'upstream' } },
  ]);
  expect(kernel?.code).toMatchInlineSnapshot(`
    "bool isNaN(float t) {
      return (floatBitsToUint(t) & 0x7fffffffu) > 0x7f800000u;
    }

    bool isNegativeOrZero(float t) {
      return floatBitsToUint(t) - 0x80000000u <= 0x7f800000u || floatBitsToUint(t) == 0u;
    }

    float valueAt(int index) {
      float x = getX_inAtOutCoords();
      float upstream = getUpstream_inAtOutCoords();
      return (isNaN(x) ? x : (isNegativeOrZero(x) ? 0.0 : upstream));
    }"
  `);
});

test('what reads nothing but its own place has one code for all lengths', () => {
  for (const direction of ['forward', 'vjp'] as const) {
    const [short, long] = [[3], [4, 1024]].map((shape) => generate(gelu(), direction, shape));
    expect(short?.map(({ code, inPlace }) => [code, inPlace])).toEqual(long?.map(({ code }) => [code, true]));
  }
  expect(generate(velu(), 'forward').map(({ inPlace }) => inPlace)).toContain(false);
});

test('a sum over a group takes a program for each factor of 64, what is made of it for each group another', () => {
  expect(generate(velu(), 'forward').map(({ length }) => length)).toEqual([4 * 16, 4, 4, 4096]);
  // two counts of 4096, an output, two counts handed on
  expect(generate(adaRelu(), 'forward').map(({ length }) => length)).toEqual([64, 1, 64, 1, 4096, 1, 1]);
});

test('functions of a statistic are computed once per group, where groups are not small', () => {
  for (const direction of ['forward', 'vjp'] as const) {
    const map = generate(velu(), direction).find(({ target }) => target.kind === 'output');
    expect(map?.code).not.toContain('tanh_f32');
    const small = generate(velu(), direction, [4, 8]).find(({ target }) => target.kind === 'output');
    expect(small?.code).toContain('tanh_f32');
  }
  // a group that is the whole tensor, too, in the forward and in what its gradient adds up
  const whole = generate(velu({ extent: 'tensor' }), 'vjp');
  const [perElement, once] = [4096, 1].map((length) => whole.filter((kernel) => kernel.length === length));
  expect(perElement?.some(({ code }) => code.includes('tanh_f32'))).toBe(false);
  expect(once?.some(({ code }) => code.includes('tanh_f32'))).toBe(true);
});

test("the gradient of velu's λ is made of the sums of rows that x's gradient takes", () => {
  const spec = { shape: [4, 1024], dtype: 'float32', parameterShapes: { lambda: [] } } as const;
  const { kernels } = generateGlsl(plan(velu(), spec, 'vjp', webglTarget));
  const readers = kernels.filter(({ reads }) => reads.some(({ texture }) => texture.kind === 'input'));
  expect(readers.map(({ length }) => length)).toEqual([64, 64, 4096]); // two sums of rows, and x's gradient
});

test('parameters that are numbers are uniforms, those with a shape textures', () => {
  const map = generate(velu(), 'forward').at(-1);
  expect(map?.uniforms.map(({ parameter }) => parameter)).toContain('lambda');
  const shaped = plan(
    velu(),
    { shape: [2, 3], dtype: 'float32', parameterShapes: { lambda: [3] } },
    'forward',
    webglTarget,
  );
  const last = generateGlsl(shaped).kernels.at(-1);
  expect(last?.reads.map(({ texture }) => texture)).toContainEqual({ kind: 'parameter', name: 'lambda' });
});

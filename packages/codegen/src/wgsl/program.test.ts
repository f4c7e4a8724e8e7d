import { type Activation, adaRelu, catalogue, type Direction, type Shape, velu } from '@isoact/core';
import { gpuTarget, plan } from '@isoact/core/plan';
import { describe, expect, test } from 'vitest';
import { generateProgram, type Program, type Storage } from './index.ts';

type Settings = Parameters<typeof velu>[0];
const directions: readonly Direction[] = ['forward', 'vjp'];

function programOf(
  activation: Activation,
  direction: Direction,
  shape: Shape,
  { avoidsBarriers = false, storage = 'float32' as Storage } = {},
): Program {
  const planned = plan(activation, { shape, dtype: 'float32', channelAxis: -1 }, direction, gpuTarget);
  return generateProgram(planned, { avoidsBarriers }, storage);
}

const texts = ({ kernels }: Program): string[] => kernels.map(({ code }) => code);

describe('every activation of the catalogue', () => {
  const all = Object.values(catalogue).flatMap((definition) =>
    directions.flatMap((direction) =>
      [false, true].map((avoidsBarriers) => ({ activation: definition(), direction, avoidsBarriers })),
    ),
  );

  test('calls no function whose error WGSL leaves open', () => {
    for (const { activation, direction, avoidsBarriers } of all) {
      for (const text of texts(programOf(activation, direction, [8, 64], { avoidsBarriers }))) {
        expect(text).not.toMatch(/\b(?:exp2?|log2?|pow|tanh|atan2?|asin|inverseSqrt|ldexp|fma)\(/);
      }
    }
  });

  test('binds no more buffers than every device has', () => {
    for (const { activation, direction, avoidsBarriers } of all) {
      for (const { bindings } of programOf(activation, direction, [8, 64], { avoidsBarriers }).kernels) {
        expect(bindings.length).toBeLessThanOrEqual(8);
      }
    }
  });

  test('has the same text for another number of rows', () => {
    for (const { activation, direction, avoidsBarriers } of all) {
      const few = programOf(activation, direction, [8, 64], { avoidsBarriers });
      const many = programOf(activation, direction, [1000, 64], { avoidsBarriers });
      const known = new Set(texts(few));
      // more rows can take more steps to add up, of kinds that are there already or are shared by all programs
      for (const text of texts(many)) if (!text.includes('source: u32')) expect(known).toContain(text);
    }
  });
});

test('parameters that have no room among the bindings are packed, once each', () => {
  const activation = velu({ transport: 'output' });
  const names = Object.keys(activation.parameters);
  const shape = [8, 64];
  const parameterShapes = Object.fromEntries(names.map((name) => [name, [64]]));
  for (const direction of directions) {
    for (const avoidsBarriers of [false, true]) {
      const planned = plan(activation, { shape, dtype: 'float32', parameterShapes }, direction, gpuTarget);
      const roomy = generateProgram(planned, { avoidsBarriers }).kernels.map(({ label }) => label);
      expect(roomy).not.toContain('pack parameters');
      const { kernels, scratchWords } = generateProgram(planned, { avoidsBarriers, storageBuffers: 8 });
      const packs = kernels.slice(0, kernels.length - roomy.length);
      const packed = packs.flatMap(({ bindings }) =>
        bindings.flatMap((binding) => (binding.kind === 'parameter' ? [binding.name] : [])),
      );
      expect(packed.sort()).toEqual(names.sort());
      const places = packs
        .flatMap(({ uniforms }) =>
          uniforms.filter((_, k) => k % 2 === 0).map((word) => ('value' in word ? word.value : -1)),
        )
        .sort((a, b) => a - b);
      for (const [k, at] of places.entries()) expect((places[k + 1] ?? scratchWords) - at).toBeGreaterThanOrEqual(64);
      for (const { bindings } of kernels) expect(bindings.length).toBeLessThanOrEqual(8);
      for (const { bindings } of kernels.slice(packs.length)) {
        expect(bindings.some(({ kind }) => kind === 'parameter')).toBe(false);
      }
    }
  }
});

describe('passes over memory', () => {
  const passesOf = (settings: Settings, direction: Direction, shape: Shape): number =>
    programOf(velu(settings), direction, shape).plan.passes.length;

  test('velu with rows that fit a workgroup: one in each direction', () => {
    for (const direction of directions) expect(passesOf({}, direction, [16384, 1024])).toBe(1);
  });

  test('adaRelu over the tensor: two', () => {
    expect(programOf(adaRelu(), 'forward', [2 ** 24]).plan.passes).toHaveLength(2);
  });

  test('the gradient of a parameter takes one kernel more for 2^24 elements, and writes it', () => {
    const { kernels } = programOf(velu(), 'vjp', [16_384, 1024]);
    expect(kernels).toHaveLength(2);
    expect(kernels.at(-1)?.bindings).toContainEqual({ kind: 'scalar', name: 'lambda', access: 'write' });
  });
});

test('a tensor larger than a binding is bound part by part', () => {
  const planned = plan(adaRelu(), { shape: [1000], dtype: 'float32' }, 'forward', gpuTarget);
  const { kernels } = generateProgram(planned, { avoidsBarriers: false, bindingBytes: 2048 });
  const bound = kernels
    .flatMap(({ bindings }) => bindings)
    .flatMap((binding) => ('range' in binding ? [binding.range] : []));
  expect(new Set(bound.map((range) => `${range?.start}+${range?.length}`))).toEqual(new Set(['0+512', '512+488']));
});

test('float16 lies two in a word', () => {
  const [text] = texts(programOf(velu(), 'forward', [2, 6], { avoidsBarriers: true, storage: 'float16' }));
  expect(text).toContain('var<storage, read> x_in: array<u32>');
  expect(text).toContain('atomicOr(&y_out[index >> 1u]');
});

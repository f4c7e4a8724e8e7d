import { fromBinary } from '@bufbuild/protobuf';
import { adaRelu, createReferenceBackend, crelu, elu, ShapeError, swish, velu } from '@isoact/core';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { expectNear, sample } from '../testing/nearness.ts';
import { type ExportOptions, toOnnx } from './to-onnx.ts';

const x = sample(60);
const levels = ['disabled', 'basic', 'extended', 'all'] as const;

test('is a model of opset 21 and IR 10 that carries its parameters', () => {
  const model = fromBinary(ModelProtoSchema, toOnnx(swish({ beta: 2 }), { shape: ['batch', 4] }));
  expect(model.irVersion).toBe(10n);
  expect(model.opsetImport.map(({ version }) => version)).toEqual([21n]);
  expect(model.graph?.input.map(({ name }) => name)).toEqual(['x']);
  expect(model.graph?.output.map(({ name }) => name)).toEqual(['y']);
});

test.each([
  ['known lengths', { shape: [3, 4, 5] }],
  ['named lengths', { shape: ['batch', 4, 'width'] }],
  ['any rank', {}],
  ['any rank, in float64', { arithmetic: 'float64' }],
  ['known lengths, in float64', { arithmetic: 'float64', shape: [3, 4, 5] }],
  ['a function, in float64', { arithmetic: 'float64', as: 'function' }],
  ['opset 9, in float64', { arithmetic: 'float64', opset: 9 }],
  ['opset 9', { opset: 9 }],
  ['opset 11', { opset: 11 }],
  ['opset 12', { opset: 12, shape: [3, 4, 5] }],
  ['opset 13', { opset: 13 }],
  ['opset 18', { opset: 18 }],
  ['a function', { as: 'function' }],
  ['the native form', { form: 'native' }],
] satisfies [string, ExportOptions][])('gives the same with %s and at every optimisation level', async (_, options) => {
  for (const activation of [
    velu(),
    velu({ extent: 'tensor', statistic: 'std', transport: 'penalty' }),
    adaRelu(),
    elu(),
  ]) {
    const reference = await createReferenceBackend().compile(activation, { shape: [3, 4, 5], dtype: 'float32' });
    const want = await reference.forward({ x });
    for (const graphOptimizationLevel of levels) {
      const session = await InferenceSession.create(toOnnx(activation, options), { graphOptimizationLevel });
      const { y, penalty } = await session.run({ x: new Tensor('float32', x, [3, 4, 5]) });
      expect(y?.dims).toEqual([3, 4, 5]);
      expectNear(y?.data as Float32Array, want.y, { x });
      if (want.penalty !== undefined) expectNear(penalty?.data as Float32Array, Float64Array.of(want.penalty));
      await session.release();
    }
  }
});

test('gives gradients of any rank', async () => {
  const activation = velu({ extent: 'tensor', statistic: 'std', transport: 'penalty' });
  const session = await InferenceSession.create(toOnnx(activation, { direction: 'vjp' }));
  const reference = await createReferenceBackend().compile(activation, { shape: [3, 4, 5], dtype: 'float32' });
  const want = await reference.vjp({ x, upstream: { y: x, penalty: 0.5 } });
  const tensor = new Tensor('float32', x, [3, 4, 5]);
  const got = await session.run({ x: tensor, upstream: tensor, upstream_penalty: new Tensor('float32', [0.5], []) });
  expectNear(got.x_gradient?.data as Float32Array, want.x, { x });
  expectNear(got.lambda_gradient?.data as Float32Array, want.parameters.lambda as Float32Array, { terms: 500 });
});

test.each([
  {},
  { shape: ['batch', 'channels', 5] },
  { opset: 9 },
  { opset: 13 },
  { opset: 18 },
] satisfies ExportOptions[])('parts lie along the named axis, %j', async (options) => {
  const spec = { shape: [3, 4, 5], dtype: 'float32', channelAxis: -2 } as const;
  const reference = await createReferenceBackend().compile(crelu(), spec);
  const tensor = new Tensor('float32', x, [3, 4, 5]);
  const forward = await InferenceSession.create(toOnnx(crelu(), { ...options, channelAxis: -2 }));
  const { y } = await forward.run({ x: tensor });
  expect(y?.dims).toEqual([3, 8, 5]);
  expectNear(y?.data as Float32Array, (await reference.forward({ x })).y);
  const vjp = await InferenceSession.create(toOnnx(crelu(), { ...options, channelAxis: -2, direction: 'vjp' }));
  const upstream = sample(120);
  const got = await vjp.run({ x: tensor, upstream: new Tensor('float32', upstream, [3, 8, 5]) });
  expectNear(got.x_gradient?.data as Float32Array, (await reference.vjp({ x, upstream: { y: upstream } })).x, { x });
});

test('says what it needs', () => {
  expect(() => toOnnx(velu({ extent: 'sample' }))).toThrow(ShapeError);
  expect(() => toOnnx(velu({ extent: [1] }))).toThrow(
    'shape must be given for a statistic over [1] (was undefined). Name the axes from the last one.',
  );
  expect(() => toOnnx(crelu())).toThrow('channelAxis must be given');
  expect(() => toOnnx(crelu(), { channelAxis: 1 })).toThrow('counted from the last one (was 1)');
  expect(() => toOnnx(velu(), { opset: 8 })).toThrow('opset must be an integer from 9 to 24 (was 8).');
});

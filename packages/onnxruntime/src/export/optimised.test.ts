/**
 * Every model that is produced: accepted with strict inference of shapes and types, at every optimisation level, and with
 * the same answers before and after.
 */
import { type Activation, type ActivationDefinition, catalogue } from '@isoact/core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { expectNear, sample } from '../testing/nearness.ts';
import { type ExportOptions, toOnnx } from './to-onnx.ts';

const levels = ['disabled', 'basic', 'extended', 'all'] as const;
const extra = { session: { strict_shape_type_inference: '1' } };
const shape = [2, 4, 5];
const options: readonly ExportOptions[] = (['forward', 'vjp'] as const).flatMap((direction) => [
  { direction, form: 'native' },
  { direction, form: 'accurate' },
  { direction, arithmetic: 'float64' },
]);

type Results = Awaited<ReturnType<InferenceSession['run']>>;

async function run(
  model: Uint8Array,
  parts: number,
  graphOptimizationLevel: (typeof levels)[number],
): Promise<Results> {
  const session = await InferenceSession.create(model, { graphOptimizationLevel, logSeverityLevel: 3, extra });
  const x = new Tensor('float32', sample(40), shape);
  const [batch, channels, width] = shape as [number, number, number];
  const upstream = new Tensor('float32', sample(40 * parts), [batch, channels * parts, width]);
  const given: Readonly<Record<string, Tensor>> = { x, upstream, upstream_penalty: new Tensor('float32', [0.5], []) };
  const results = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, given[name] as Tensor])),
  );
  await session.release();
  return results;
}

const variants: Readonly<Record<string, Activation>> = {
  ...Object.fromEntries(
    Object.entries(catalogue).map(([name, define]) => [name, (define as ActivationDefinition<never, never>)()]),
  ),
  'velu with its penalty': catalogue.velu({ extent: 'channel', statistic: 'std', transport: 'penalty' }),
};

test.each(Object.entries(variants))('%s', async (_, activation) => {
  for (const option of options) {
    const model = toOnnx(activation, { ...option, shape: ['batch', 4, 'width'], channelAxis: 1 });
    const parts = activation.forward.y.length;
    const before = await run(model, parts, 'disabled');
    for (const level of levels.slice(1)) {
      const after = await run(model, parts, level);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      for (const [name, tensor] of Object.entries(before)) {
        const terms = tensor.dims.length < 3 ? 200 : 0;
        expect(after[name]?.dims).toEqual(tensor.dims);
        expectNear(after[name]?.data as Float32Array, tensor.data as Float32Array, { x: sample(40), terms });
      }
    }
  }
});

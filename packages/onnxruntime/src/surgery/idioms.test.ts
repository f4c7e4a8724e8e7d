/** What exporters write for an activation is recognised, and replaced, whatever the spelling. */
import { type Activation, type ActivationDefinition, catalogue, createReferenceBackend, velu } from '@isoact/core';
import { Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { GraphFixture } from '../testing/model-fixture.ts';
import { expectNear, sample } from '../testing/nearness.ts';
import { runModel } from '../testing/run-model.ts';
import { type Idiom, idioms } from '../testing/spellings.ts';
import { inspectModel } from './inspect.ts';
import { replaceActivations } from './replace.ts';

const shape = [6, 8] as const;
const x = sample(48);

function modelOf({ write, opset = 17 }: Idiom): Uint8Array {
  const graph = new GraphFixture();
  graph.node('Identity', [write(graph, graph.node('Neg', [graph.input('x', ['n', 8])]))], {}, { output: 'y' });
  graph.output('y', ['n', 8]);
  return graph.model({ opset });
}

/** Of -x, as the models compute it. */
async function reference(activation: Activation): Promise<Float32Array> {
  const compiled = await createReferenceBackend().compile(activation, { shape, dtype: 'float32' });
  return (await compiled.forward({ x: x.map((value) => -value) })).y as Float32Array;
}

const run = (model: Uint8Array): Promise<Float32Array> => runModel(model, { x: new Tensor('float32', x, shape) });

test.each(Object.entries(idioms))('%s', async (_, idiom) => {
  const { activation: name, parameters = {} } = idiom;
  const bytes = modelOf(idiom);
  const { activations } = inspectModel(bytes);
  expect(activations.map(({ activation }) => activation)).toEqual([name]);
  const close = Object.entries(parameters).map(([key, value]) => [key, expect.closeTo(value, 6)]);
  expect(activations[0]?.parameters).toMatchObject(Object.fromEntries(close));

  // each definition takes settings of its own, and these are its own
  const define = catalogue[name as keyof typeof catalogue] as ActivationDefinition<never, never> &
    ((settings: object) => Activation);
  expectNear(await run(bytes), await reference(define(parameters)), { x, terms: 64 });

  const { model, report } = replaceActivations(bytes, [{ from: name, to: velu() }]);
  expect(report.replaced.map(({ to }) => to)).toEqual(['velu']);
  expectNear(await run(model), await reference(velu()), { x });
  expect(replaceActivations(bytes, [{ from: 'rrelu', to: velu() }]).model).toEqual(bytes);
});

import { fromBinary } from '@bufbuild/protobuf';
import {
  type Activation,
  adaRelu,
  createReferenceBackend,
  crelu,
  prelu,
  relu,
  ShapeError,
  selu,
  swish,
  UnsupportedError,
  velu,
} from '@isoact/core';
import { GraphProtoSchema, ModelProtoSchema } from 'onnx-buf';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { GraphFixture } from '../testing/model-fixture.ts';
import { exampleModels } from '../testing/models.ts';
import { expectNear, sample } from '../testing/nearness.ts';
import { runModel } from '../testing/run-model.ts';
import { spellings } from '../testing/spellings.ts';
import { ModelError } from './errors.ts';
import { inspectModel } from './inspect.ts';
import { replaceActivations } from './replace.ts';
import { fieldsOf } from './wire.ts';

const levels = ['disabled', 'basic', 'extended', 'all'] as const;

/** x → act(x), between nodes that do nothing. */
function chain(...acts: ((graph: GraphFixture, x: string) => string)[]): GraphFixture {
  const graph = new GraphFixture();
  let x = graph.input('x', ['n', 4]);
  for (const act of acts) x = act(graph, x);
  graph.node('Identity', [x], {}, { output: 'y' });
  graph.output('y', ['n', 4]);
  return graph;
}

const reference = async (activation: Activation, x: Float32Array, shape: readonly number[]): Promise<Float32Array> => {
  const compiled = await createReferenceBackend().compile(activation, { shape, dtype: 'float32' });
  return (await compiled.forward({ x })).y as Float32Array;
};

/** The graph's and the model's fields as texts, in order. */
function fieldsIn(model: Uint8Array): string[] {
  const texts: string[] = [];
  for (const field of fieldsOf(model, { start: 0, end: model.length })) {
    if (field.number !== 7) texts.push(`model ${model.subarray(field.start, field.end).join()}`);
    else {
      for (const inner of fieldsOf(model, { start: field.body, end: field.end })) {
        texts.push(`graph ${model.subarray(inner.start, inner.end).join()}`);
      }
    }
  }
  return texts;
}

describe.each(Object.entries(exampleModels))('%s', (_, { build, inputs, activations }) => {
  const bytes = build();

  test('is seen through', () => {
    expect(inspectModel(bytes).activations.map(({ activation }) => activation)).toEqual(activations);
  });

  test('stays byte for byte where nothing is to be replaced', () => {
    for (const rules of [[], [{ from: 'Selu', to: velu() }], [{ from: 'relu', to: relu() }]]) {
      expect(replaceActivations(bytes, rules).model).toEqual(bytes);
    }
  });

  test('computes what the same model with the other activation does', async () => {
    const wanted = await runModel(
      build((graph, x) => graph.node('Selu', [x])),
      inputs,
    );
    for (const form of ['accurate', 'native'] as const) {
      const { model, report } = replaceActivations(bytes, [{ from: '*', to: selu(), form }]);
      expect(report.replaced.map(({ activation }) => activation)).toEqual(activations);
      for (const level of levels) expectNear(await runModel(model, inputs, level), wanted, { terms: 64 });
    }
  });

  test.each([adaRelu(), velu({ transport: 'penalty' })])(
    'takes $name at every place, as a model that loads',
    async (to) => {
      const { model, report } = replaceActivations(bytes, [{ from: '*', to }]);
      expect(report.replaced.map((each) => each.to)).toEqual(activations.map(() => to.name));
      await runModel(model, inputs);
    },
  );

  test('keeps every other byte', () => {
    const { model, report } = replaceActivations(bytes, [{ from: '*', to: velu() }]);
    expect(model.length).toBe(report.bytesAfter);
    const [before, after] = [fieldsIn(bytes), fieldsIn(model)];
    const kept = before.filter((field) => after.includes(field));
    // in the same order
    expect(after.filter((field) => before.includes(field))).toEqual(kept);
    const names = new Set(report.replaced.flatMap(({ nodes }) => nodes));
    for (const gone of before.filter((field) => !after.includes(field))) expect(mayGo(gone, names)).toBe(true);
  });
});

/** A node of an activation, one around others, a constant that only activations read, or a function with activations. */
function mayGo(field: string, names: ReadonlySet<string>): boolean {
  const [where = '', list = ''] = field.split(' ');
  const bytes = Uint8Array.from(list.split(','), Number);
  if (where === 'model') return fromBinary(ModelProtoSchema, bytes).functions.length === 1;
  const { node, initializer } = fromBinary(GraphProtoSchema, bytes);
  const [first] = node;
  return (
    initializer[0]?.dims.length === 0 ||
    first?.opType === 'Constant' ||
    names.has(first?.name ?? '') ||
    first?.attribute.some(({ g }) => g) === true
  );
}

test('puts VeLU, whose statistic is of a row, where an activation was', async () => {
  const { model } = replaceActivations(chain(spellings.gelu).model(), [{ from: 'gelu', to: velu() }]);
  const x = sample(12);
  const y = await runModel(model, { x: new Tensor('float32', x, [3, 4]) });
  expectNear(y, await reference(velu(), x, [3, 4]), { x });
  const { graph } = fromBinary(ModelProtoSchema, model);
  expect(graph?.node.some(({ opType }) => opType === 'Erf')).toBe(false);
  expect(graph?.node.every(({ opType, name }) => opType !== 'Constant' || name.startsWith('velu/'))).toBe(true);
});

test('replaces by operator, spelling, name and position', () => {
  const bytes = chain(spellings.relu, spellings.silu, spellings.relu, spellings.gelu, spellings.relu).model();
  const replaced = (rule: Partial<Parameters<typeof replaceActivations>[1][number]>): string[] =>
    replaceActivations(bytes, [{ from: '*', to: velu(), ...rule }]).report.replaced.map(
      ({ nodes }) => nodes.at(-1) as string,
    );
  expect(replaced({ from: 'Relu' })).toEqual(['/Relu_0', '/Relu_3', '/Relu_12']);
  expect(replaced({ from: 'swish' })).toEqual(['/Mul_2']);
  expect(replaced({ from: 'relu', position: 'last' })).toEqual(['/Relu_12']);
  expect(replaced({ from: 'relu', position: 'first' })).toEqual(['/Relu_0']);
  expect(replaced({ from: 'relu', position: [1, -1, 7] })).toEqual(['/Relu_3', '/Relu_12']);
  expect(replaced({ node: '/Relu_3' })).toEqual(['/Relu_3']);
  expect(replaced({ node: /_1\d$/ })).toEqual(['/Mul_11', '/Relu_12']);
  expect(replaced({ from: ({ operators }) => operators.length === 2 })).toEqual(['/Mul_2']);
});

test('the first rule that fits decides', () => {
  const bytes = chain(spellings.relu, spellings.silu).model();
  const { report } = replaceActivations(bytes, [
    { from: 'Relu', to: velu() },
    { from: '*', to: selu() },
  ]);
  expect(report.replaced.map(({ to }) => to)).toEqual(['velu', 'selu']);
});

test('writes one function for equal activations', async () => {
  const bytes = chain(spellings.relu, spellings.relu).model();
  const { model } = replaceActivations(bytes, [{ from: 'relu', to: velu({ alpha: 0.5 }), as: 'function' }]);
  const { graph, functions, opsetImport } = fromBinary(ModelProtoSchema, model);
  expect(functions.map(({ name }) => name)).toEqual(['velu']);
  expect(opsetImport.map(({ domain }) => domain)).toContain('isoact');
  expect(graph?.node.filter(({ domain }) => domain === 'isoact').length).toBe(2);
  const x = sample(8);
  const y = await runModel(model, { x: new Tensor('float32', x, [2, 4]) });
  const once = await reference(velu({ alpha: 0.5 }), x, [2, 4]);
  expectNear(y, await reference(velu({ alpha: 0.5 }), once, [2, 4]), { x });
});

test('takes parameters per channel as initializers, and statistics per channel', async () => {
  const { build, inputs } = exampleModels['a residual network'] as (typeof exampleModels)[string];
  const slope = { shape: [4, 1, 1], values: [0.1, 0.2, 0.3, 0.4] };
  const { model } = replaceActivations(build(), [{ from: 'relu', to: prelu(), parameters: { slope } }]);
  const native = build((graph, x) => {
    const name = graph.initializers.some((tensor) => tensor.name === 'slope')
      ? 'slope'
      : graph.tensor('slope', [4, 1, 1], slope.values);
    return graph.node('PRelu', [x, name]);
  });
  expectNear(await runModel(model, inputs), await runModel(native, inputs), { terms: 64 });
  expect(fromBinary(ModelProtoSchema, model).graph?.initializer.map(({ name }) => name)).toContain('prelu/slope');

  const perChannel = velu({ extent: 'channel' });
  const { report } = replaceActivations(build(), [{ from: 'relu', to: perChannel, channelAxis: 1 }]);
  expect(report.replaced.length).toBe(5);
  // nothing tells the rank here
  const free = new GraphFixture();
  free.node(
    'Relu',
    [free.node('Mystery', [free.input('x', [3])], {}, { domain: 'com.microsoft' })],
    {},
    { output: 'y' },
  );
  free.output('z', [3]);
  expect(() => replaceActivations(free.model(), [{ from: 'relu', to: perChannel, channelAxis: 1 }])).toThrow(
    ShapeError,
  );
});

test('takes each float type', async () => {
  const graph = new GraphFixture();
  graph.node('Relu', [graph.input('x', ['n', 4], 'float16')], {}, { output: 'y' });
  graph.output('y', ['n', 4], 'float16');
  const { model } = replaceActivations(graph.model(), [{ from: 'Relu', to: swish() }]);
  const x = new Tensor('float16', new Uint16Array(4).fill(0x3c00), [1, 4]);
  expect(Array.from(await runModel(model, { x })).every((bits) => bits === 0x39d9)).toBe(true); // 0.731
});

test('leaves alone what others read, and what callers may override', () => {
  const shared = chain((graph, x) => {
    const gate = graph.node('Sigmoid', [x]);
    return graph.node('Add', [graph.node('Mul', [x, gate]), gate]);
  });
  expect(inspectModel(shared.model()).activations.map(({ activation }) => activation)).toEqual(['sigmoid']);

  const open = chain((graph, x) => {
    graph.input('low', []);
    return graph.node('Clip', [x, graph.scalar('low', 0), graph.scalar('high', 6)]);
  });
  expect(inspectModel(open.model()).activations).toEqual([]);
  expect(inspectModel(open.model({ irVersion: 3, opset: 11 })).activations.map(({ activation }) => activation)).toEqual(
    ['relu6'],
  );
});

test('raises the opset where what is to come needs it, and nothing else changes its meaning', async () => {
  const bytes = chain(spellings.relu).model({ opset: 8, irVersion: 3 });
  const { model, report } = replaceActivations(bytes, [{ from: 'Relu', to: velu() }]);
  expect(report.replaced[0]?.notes).toContain("the model's opset is raised from 8 to 9");
  expect(fromBinary(ModelProtoSchema, model).opsetImport.map(({ version }) => version)).toEqual([9n, 1n]);
  const x = sample(8);
  expectNear(await runModel(model, { x: new Tensor('float32', x, [2, 4]) }), await reference(velu(), x, [2, 4]), { x });

  const native = replaceActivations(bytes, [{ from: 'Relu', to: selu(), form: 'native' }]);
  expect(fromBinary(ModelProtoSchema, native.model).opsetImport.map(({ version }) => version)).toEqual([8n, 1n]);

  const scaled = chain(spellings.relu, (graph, value) => graph.node('Upsample', [value]));
  expect(() => replaceActivations(scaled.model({ opset: 8 }), [{ from: 'Relu', to: velu() }])).toThrow(
    'the opset of the model must be at least 9 (was "8, with Upsample, which changed since"). Convert the model first.',
  );
});

test('says what cannot be', () => {
  const bytes = chain(spellings.relu).model();
  expect(() => replaceActivations(new Uint8Array(0), [])).toThrow(ModelError);
  expect(() => replaceActivations(Uint8Array.of(1, 2, 3), [])).toThrow(ModelError);
  expect(() => replaceActivations(bytes, [{ from: 'Relu', to: 'velu' as unknown as Activation }])).toThrow(
    'a rule\'s to must be an activation, such as velu() (was "velu").',
  );
  const old = chain(spellings.relu).model({ opset: 6 });
  expect(() => replaceActivations(old, [{ from: 'Relu', to: velu() }])).toThrow(UnsupportedError);
  const early = chain(spellings.relu).model({ irVersion: 7 });
  expect(() => replaceActivations(early, [{ from: 'Relu', to: velu(), as: 'function' }])).toThrow(
    'the IR version of a model with functions must be at least 8 (was 7). Insert the nodes inline.',
  );
});

test('refuses an activation that gives what comes behind it more channels', () => {
  const rule = { from: 'relu', to: crelu(), channelAxis: 1 };
  expect(() => replaceActivations(chain(spellings.relu).model(), [rule])).toThrow(
    'must be one whose output has the shape of its input (was "crelu")',
  );
});

/** Tiny samples of both formats, written here; nobody's data. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { createReferenceBackend } from '@isoact/core';
import { TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { singleNodeModel } from './onnx-model.ts';
import { readOnnxTests } from './onnx-tests.ts';
import { meets, ulpsBetween } from './peer-case.ts';
import { readPeerCases, runPeerCase, runPeers } from './run-peers.ts';
import { readWebnnTests } from './webnn-tests.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const reference = createReferenceBackend();
const quiet = { show: () => {}, print: () => {} };

interface Written {
  readonly operator: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly attributes?: Readonly<Record<string, number | string>>;
  readonly slope?: readonly number[];
}

async function writeTest(root: string, name: string, { operator, x, y, attributes, slope }: Written): Promise<void> {
  const set = join(root, name, 'test_data_set_0');
  await mkdir(set, { recursive: true });
  const inputs = { x: [x.length], ...(slope && { slope: [slope.length] }) };
  await writeFile(join(root, name, 'model.onnx'), singleNodeModel(operator, inputs, [x.length], attributes));
  await writeFile(join(set, 'input_0.pb'), raw(x));
  if (slope) await writeFile(join(set, 'input_1.pb'), typed(slope));
  await writeFile(join(set, 'output_0.pb'), typed(y));
}

/** Numbers as bytes, as NumPy writes them, and as a list. */
const raw = (values: readonly number[]): Uint8Array =>
  toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, {
      dims: [BigInt(values.length)],
      dataType: TensorProto_DataType.FLOAT,
      rawData: new Uint8Array(Float32Array.from(values).buffer),
    }),
  );
const typed = (values: readonly number[], dataType = TensorProto_DataType.FLOAT): Uint8Array =>
  toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, { dims: [BigInt(values.length)], dataType, floatData: [...values] }),
  );

describe('ONNX backend tests', () => {
  test('are cases where one node is an activation, with its attributes', async () => {
    const root = join(folder, 'onnx');
    await writeTest(root, 'test_relu', { operator: 'Relu', x: [-1, 0, 2], y: [0, 0, 2] });
    const attributes = { alpha: 0.25 };
    await writeTest(root, 'test_leakyrelu', { operator: 'LeakyRelu', attributes, x: [-4, 4], y: [-1, 4] });
    await writeTest(root, 'test_prelu', { operator: 'PRelu', x: [-1, -1], slope: [0.5, 2], y: [-0.5, -2] });
    await writeTest(root, 'test_gelu', {
      operator: 'Gelu',
      attributes: { approximate: 'tanh' },
      x: [1],
      y: [0.841192],
    });
    await writeTest(root, 'test_abs', { operator: 'Abs', x: [-1], y: [1] });
    await writeTest(root, 'test_half', { operator: 'Relu', x: [1], y: [1] });
    await writeFile(join(root, 'test_half/test_data_set_0/input_0.pb'), typed([1], TensorProto_DataType.FLOAT16));
    const { cases, skipped } = await readOnnxTests(root);
    expect(cases.map(({ name, activation }) => [name, activation.name])).toEqual([
      ['test_gelu', 'geluTanh'],
      ['test_leakyrelu', 'leakyRelu'],
      ['test_prelu', 'prelu'],
      ['test_relu', 'relu'],
    ]);
    expect(skipped).toEqual([
      { name: 'test_abs', reason: 'the operator Abs is no activation of the catalogue' },
      { name: 'test_half', reason: 'a tensor of FLOAT16, not of FLOAT' },
    ]);
    for (const peer of cases) expect(await runPeerCase(reference, peer)).toMatchObject({ status: 'passed' });
  });

  test('fail where the numbers differ', async () => {
    const root = join(folder, 'wrong');
    await writeTest(root, 'test_elu', { operator: 'Elu', x: [-1], y: [-0.63] });
    const { cases } = await readOnnxTests(join(root, 'test_elu'));
    expect(await runPeerCase(reference, cases[0] as never)).toMatchObject({
      status: 'failed',
      fault: 'y[0] must be -0.6299999952316284 (was -0.6321205496788025)',
    });
  });
});

const webnn = `// META: title=test WebNN API elu operation
'use strict';

const getTolerance = (graph) => { return {metricType: 'ULP', value: 18}; };

const eluTests = [
  {
    // a comment with a ] in it
    'name': 'elu float32 1D tensor, it\\'s ["default"]',
    'graph': {
      'inputs': {
        'eluInput': {'data': [-1, 0, 1.5,], 'descriptor': {shape: [3], dataType: 'float32'}},
      },
      'operators': [{'name': 'elu', 'arguments': [{'input': 'eluInput'}, {'options': {'alpha': 2}}], 'outputs': 'eluOutput'}],
      'expectedOutputs': {
        'eluOutput': {'data': [-1.2642411, 0, 1.5], 'descriptor': {shape: [3], dataType: 'float32'}}
      }
    }
  },
  {
    'name': 'prelu, one number for all',
    'graph': {
      'inputs': {
        'a': {'data': -2, 'descriptor': {dimensions: [2, 2], dataType: 'float32'}},
        'b': {'data': [0.5, 0.25], 'descriptor': {dimensions: [2], dataType: 'float32'}, 'constant': true},
      },
      'operators': [{'name': 'prelu', 'arguments': [{'input': 'a'}, {'slope': 'b'}], 'outputs': 'c'}],
      'expectedOutputs': {'c': {'data': [-1, -0.5, -1, -0.5], 'descriptor': {dimensions: [2, 2], dataType: 'float32'}}}
    }
  },
  {
    'name': 'elu float16',
    'graph': {
      'inputs': {'x': {'data': [1], 'descriptor': {shape: [1], dataType: 'float16'}}},
      'operators': [{'name': 'elu', 'arguments': [{'input': 'x'}], 'outputs': 'y'}],
      'expectedOutputs': {'y': {'data': [1], 'descriptor': {shape: [1], dataType: 'float16'}}}
    }
  },
  {
    'name': 'hardSigmoid, negative options.alpha',
    'graph': {
      'inputs': {'x': {'data': [1], 'descriptor': {shape: [1], dataType: 'float32'}}},
      'operators': [{'name': 'hardSigmoid', 'arguments': [{'input': 'x'}, {'options': {'alpha': -0.5}}], 'outputs': 'y'}],
      'expectedOutputs': {'y': {'data': [0], 'descriptor': {shape: [1], dataType: 'float32'}}}
    }
  },
  {'name': 'of another form'},
];

const otherTests = [makeTest('computed')];

eluTests.forEach((each) => webnn_conformance_test(buildAndExecuteGraph, getTolerance, each));
`;

describe('WebNN tests', () => {
  test('are read as data, and never run', async () => {
    const { cases, skipped } = readWebnnTests(webnn);
    expect(cases.map(({ name, shape, tolerance }) => ({ name, shape, tolerance }))).toEqual([
      { name: 'elu float32 1D tensor, it\'s ["default"]', shape: [3], tolerance: { kind: 'ulp', ulps: 18 } },
      { name: 'prelu, one number for all', shape: [2, 2], tolerance: { kind: 'ulp', ulps: 1 } },
    ]);
    expect(skipped.map(({ name }) => name)).toEqual([
      'elu float16',
      'hardSigmoid, negative options.alpha',
      'eluTests[4]',
      'otherTests',
    ]);
    expect(skipped[0]?.reason).toBe('a tensor of float16, not of float32');
    expect(skipped[1]?.reason).toBe("hardSigmoid's slope must be a finite number above 0 (was -0.5).");
    expect(skipped[3]?.reason).toMatch(/^the array is no plain data/);
    for (const peer of cases) expect(await runPeerCase(reference, peer)).toMatchObject({ status: 'passed' });
  });

  test('of a folder run through a backend', async () => {
    const root = join(folder, 'webnn');
    await mkdir(root);
    await writeFile(join(root, 'elu.https.any.js'), webnn);
    const { code, markdown, reports } = await runPeers(
      [{ name: 'reference', load: async () => ({ backend: reference }) }],
      await readPeerCases([], [root]),
      quiet,
    );
    expect(code).toBe(0);
    expect(reports[0]?.results).toHaveLength(2);
    expect(markdown).toContain('| reference | 2 | 0 | 0 | ');
    expect((await runPeers([], await readPeerCases([], [root]), quiet)).code).toBe(1);
  });
});

test('the tolerances of peers', () => {
  expect(ulpsBetween(0, -0)).toBe(0);
  expect(ulpsBetween(2 ** -149, -(2 ** -149))).toBe(2);
  expect(ulpsBetween(1, 1 + 2 ** -23)).toBe(1);
  expect(meets(1 + 2 ** -22, 1, { kind: 'ulp', ulps: 1 })).toBe(false);
  expect(meets(Number.NaN, 1, { kind: 'ulp', ulps: 1e9 })).toBe(false);
  expect(meets(Number.NaN, Number.NaN, { kind: 'relative', relative: 0, absolute: 0 })).toBe(true);
  expect(meets(Number.POSITIVE_INFINITY, 3e38, { kind: 'relative', relative: 1, absolute: 1e39 })).toBe(false);
  expect(meets(1.0005, 1, { kind: 'relative', relative: 1e-3, absolute: 1e-7 })).toBe(true);
});

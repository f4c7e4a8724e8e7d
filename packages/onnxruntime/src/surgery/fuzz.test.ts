/** Files from outside: every answer is a typed error or a model, within a time that a person would not notice. */
import { velu } from '@isoact/core';
import { expect, test } from 'vitest';
import { caseCount } from '../testing/fuzz-cases.ts';
import { GraphFixture } from '../testing/model-fixture.ts';
import { watchedFuzz } from '../testing/node/watched-fuzz.ts';
import { ModelError } from './errors.ts';
import { inspectModel } from './inspect.ts';
import { readModel } from './read-model.ts';
import { replaceActivations } from './replace.ts';

test('of many damaged files, each is edited as it should be or refused, and none hangs', {
  timeout: 300_000,
}, async () => {
  expect(caseCount).toBeGreaterThanOrEqual(10_000);
  const { edited, refused, files, faults } = await watchedFuzz({ from: 0, to: caseCount, limit: 10_000 });
  expect(faults).toEqual([]);
  expect(edited + refused).toBe(caseCount);
  expect(edited).toBeGreaterThan(2000);
  expect(refused).toBeGreaterThan(2000);
  expect(files).toBeGreaterThan(500);
});

test('a file that hangs would be named', async () => {
  await expect(watchedFuzz({ from: 3, to: 9, hangAt: 7, limit: 500 })).rejects.toThrow('case 7 hangs');
});

test('hostile lengths ask for no memory', () => {
  // graph { initializer { dims: [2^62, 2^62], raw_data of a length beyond the file } }
  const dims = [0x08, ...Array<number>(8).fill(0x80), 0x40];
  for (const length of [
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
    [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  ]) {
    const tensor = [...dims, ...dims, 0x4a, ...length];
    const graph = [0x2a, tensor.length, ...tensor];
    expect(() => readModel(Uint8Array.of(0x08, 8, 0x3a, graph.length, ...graph))).toThrow(ModelError);
  }
});

test('graphs inside of graphs inside of graphs are refused before the stack ends', () => {
  let graph: number[] = [];
  const field = (tag: number, body: readonly number[]): number[] => {
    const length: number[] = [];
    for (let rest = body.length; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) return [tag, ...length, ...body];
    }
  };
  for (let depth = 0; depth < 2000; depth++) graph = field(0x0a, field(0x2a, field(0x32, graph)));
  expect(() => readModel(Uint8Array.of(0x08, 8, ...field(0x3a, graph)))).toThrow('must be at most 32 deep');
});

test('a cycle is no activation', () => {
  const graph = new GraphFixture();
  graph.node('Mul', ['a', 'b'], {}, { output: 'c' });
  graph.node('Sigmoid', ['c'], {}, { output: 'b' });
  graph.node('Relu', ['a'], {}, { output: 'a' });
  graph.node('Sqrt', ['s'], {}, { output: 's' });
  graph.node('Div', ['a', 's'], {}, { output: 'd' });
  graph.output('c', [1]);
  const { activations } = inspectModel(graph.model());
  expect(activations.every(({ operators }) => operators.length === 1)).toBe(true);
});

test('a graph with more ways through it than time takes no time', () => {
  const graph = new GraphFixture();
  let x = graph.input('x', [1]);
  for (let count = 0; count < 200; count++) x = graph.node('Add', [x, x]);
  graph.node('Relu', [x], {}, { output: 'y' });
  graph.output('y', [1]);
  const { report } = replaceActivations(graph.model(), [{ from: 'relu', to: velu() }]);
  expect(report.replaced.length).toBe(1);
});

test('twenty thousand nodes in a row take no minute', () => {
  const graph = new GraphFixture();
  let x = graph.input('x', [1]);
  const one = graph.scalar('one', 1);
  for (let count = 0; count < 20_000; count++) x = graph.node(count % 9 ? 'Add' : 'Exp', count % 9 ? [x, one] : [x]);
  graph.output(x, [1]);
  const bytes = graph.model();
  const start = process.cpuUsage(); // the machine may have other work
  expect(inspectModel(bytes).activations).toEqual([]);
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(20);
});

/** Files from outside: every answer is a typed error or a model, within a time that a person would not notice. */
import { IsoactError, selu } from '@isoact/core';
import { expect, test } from 'vitest';
import { GraphFixture } from '../testing/model-fixture.ts';
import { exampleModels } from '../testing/models.ts';
import { ModelError } from './errors.ts';
import { inspectModel } from './inspect.ts';
import { readModel } from './read-model.ts';
import { replaceActivations } from './replace.ts';

/** Numbers that look random and are the same at every run (Mulberry32, public domain). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A model, or a typed error; and what is edited can be read again. */
function survive(bytes: Uint8Array, seen: Record<'edited' | 'refused', number>): void {
  try {
    const { model, report } = replaceActivations(bytes, [{ from: '*', to: selu(), form: 'native' }]);
    expect(model.length).toBe(report.bytesAfter);
    readModel(model);
    seen.edited++;
  } catch (error) {
    if (!(error instanceof IsoactError)) throw error;
    seen.refused++;
  }
}

const originals = Object.values(exampleModels).map(({ build }) => build());

test('cut short anywhere, a file is read or refused', () => {
  const seen = { edited: 0, refused: 0 };
  for (const bytes of originals) {
    const step = Math.ceil(bytes.length / 600);
    for (let length = 0; length < bytes.length; length += step) survive(bytes.subarray(0, length), seen);
  }
  expect(seen.refused).toBeGreaterThan(2000);
});

test('with flipped bits and overwritten bytes, too', () => {
  const random = randomFrom(1);
  const seen = { edited: 0, refused: 0 };
  for (let round = 0; round < 8000; round++) {
    const bytes = Uint8Array.from(originals[round % originals.length] as Uint8Array);
    for (let change = random(4); change >= 0; change--) {
      const at = random(bytes.length);
      bytes[at] = random(2) ? (bytes[at] as number) ^ (1 << random(8)) : ([0, 0x7f, 0x80, 0xff][random(4)] as number);
    }
    survive(bytes, seen);
  }
  expect(seen.edited).toBeGreaterThan(1000);
  expect(seen.refused).toBeGreaterThan(1000);
});

test('with pieces cut out, doubled or put elsewhere, too', () => {
  const random = randomFrom(2);
  const seen = { edited: 0, refused: 0 };
  for (let round = 0; round < 1000; round++) {
    const bytes = originals[round % originals.length] as Uint8Array;
    const [from, length, to] = [random(bytes.length), random(200), random(bytes.length)];
    const piece = bytes.subarray(from, from + length);
    survive(Uint8Array.of(...bytes.subarray(0, to), ...piece, ...bytes.subarray(to + (random(2) ? length : 0))), seen);
  }
  expect(seen.edited + seen.refused).toBe(1000);
});

test('noise is refused', () => {
  const random = randomFrom(3);
  for (let round = 0; round < 1000; round++) {
    const bytes = Uint8Array.from({ length: random(300) }, () => random(256));
    expect(() => readModel(bytes)).toThrow(ModelError);
  }
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

test('twenty thousand nodes in a row take no minute', () => {
  const graph = new GraphFixture();
  let x = graph.input('x', [1]);
  const one = graph.scalar('one', 1);
  for (let count = 0; count < 20_000; count++) x = graph.node(count % 9 ? 'Add' : 'Exp', count % 9 ? [x, one] : [x]);
  graph.output(x, [1]);
  const bytes = graph.model();
  const start = performance.now();
  expect(inspectModel(bytes).activations).toEqual([]);
  expect(performance.now() - start).toBeLessThan(20_000);
});

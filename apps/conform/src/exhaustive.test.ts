import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReferenceBackend } from '@isoact/core';
import { chunkCount } from '@isoact/core/conformance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { runExhaustively } from './exhaustive.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exhaustive-'));
});
afterAll(() => rm(folder, { recursive: true }));

const candidate = { name: 'reference', load: async () => ({ backend: createReferenceBackend(), expected: [] }) };
const quiet = () => {
  const lines: string[] = [];
  return { lines, progress: { show: () => {}, print: (line: string) => lines.push(line) } };
};

test('a run goes on where an earlier one stopped', async () => {
  const { device } = createReferenceBackend();
  const tally = {
    grade: 'A',
    values: 2 ** 32 - 2 ** 20,
    maxUlp: 0.5,
    share: 0.1,
    worst: null,
    buckets: new Array(2048).fill(0),
  };
  for (const direction of ['forward', 'vjp']) {
    const subject = JSON.stringify(['reference', device, 'relu', {}, direction, 'B']);
    const checkpoint = { schema: 'isoact.exhaustive/1', subject, nextChunk: chunkCount - 1, tally };
    await writeFile(join(folder, `reference-relu-${direction}.json`), JSON.stringify(checkpoint));
  }
  const { lines, progress } = quiet();
  const code = await runExhaustively([candidate], parseArguments(['--activation', 'relu']), folder, progress);
  expect(code).toBe(0);
  expect(lines.map((line) => line.split(',')[1]?.trim())).toEqual(['4294967296 values', '4294967296 values']);
  const saved = JSON.parse(await readFile(join(folder, 'reference-relu-forward.json'), 'utf8'));
  expect([saved.nextChunk, saved.tally.values]).toEqual([chunkCount, 2 ** 32]);
  expect(await readdir(folder)).toHaveLength(2);
});

test('an activation whose elements share a statistic has no such run', async () => {
  const { lines, progress } = quiet();
  expect(await runExhaustively([candidate], parseArguments(['--activation', 'velu']), folder, progress)).toBe(1);
  expect(lines).toEqual([]);
});

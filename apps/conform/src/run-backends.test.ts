import { createReferenceBackend } from '@isoact/core';
import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { runBackends } from './run-backends.ts';

test('a backend that cannot be had is reported, and the rest goes on', async () => {
  const lines: string[] = [];
  const { reports, unavailable } = await runBackends(
    [
      { name: 'missing', load: () => Promise.reject(new Error('no such device\nwith details')) },
      { name: 'reference', load: async () => ({ backend: createReferenceBackend(), expected: [] }) },
    ],
    parseArguments(['--activation', 'relu', '--group', 'lattice', '--quick']),
    { show: () => {}, print: (line) => lines.push(line) },
  );
  expect(unavailable).toEqual([{ backend: 'missing', reason: 'no such device\nwith details' }]);
  expect(reports.map(({ backend, passed }) => [backend, passed])).toEqual([['reference', true]]);
  expect(lines[0]).toBe('missing: unavailable (no such device)');
  expect(lines[1]).toMatch(/^reference: passed, \d+ cases/);
});

import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { runAll } from './run-all.ts';
import { selectSubjects } from './subjects/names.ts';

test('a backend that cannot be had is listed, and the rest goes on', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  const group = { name: 'nonesuch', host: 'node', builtins: null } as const;
  const chosen = [{ subject: 'nonesuch', group, activation: null }, ...selectSubjects(['reference'])];
  const options = parseArguments(['--activation', 'relu', '--group', 'lattice', '--quick', '--jobs', '1']);
  const run = runAll(chosen, options, { show: () => {}, print: (line) => lines.push(line) });
  const early = run.sofar();
  expect(early.passed).toBe(false);
  expect(early.subjects.map(({ verdicts }) => verdicts)).toContainEqual(['not run: relu']);
  const outcome = await run.done;
  expect(outcome.unavailable).toEqual([{ name: 'nonesuch', reason: expect.stringContaining('(was nonesuch).') }]);
  expect(outcome.subjects.map(({ name, passed }) => [name, passed])).toEqual([['reference', true]]);
  expect(outcome.passed).toBe(true);
  expect(lines[0]).toMatch(/^nonesuch: unavailable/);
  expect(lines[1]).toMatch(/^reference: passed, \d+ cases/);
});

test('patterns name subjects', () => {
  const names = (...patterns: string[]) => selectSubjects(patterns).map(({ subject }) => subject);
  expect(names('tfjs-*')).toEqual(['tfjs-cpu', 'tfjs-wasm', 'tfjs-webgpu']);
  expect(names('builtin:*:relu')).toContain('builtin:tfjs-webgl:relu');
  expect(names('browser:tfjs-webgl', 'builtin:onnxruntime-cpu:gelu')).toEqual([
    'browser:tfjs-webgl',
    'builtin:onnxruntime-cpu:gelu',
  ]);
  expect(() => names('nonesuch')).toThrow('--backend must be one of reference, webgpu, ');
});

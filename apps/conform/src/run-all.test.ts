import { catalogue } from '@isoact/core';
import { describe, expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { runAll } from './run-all.ts';
import { askedByTurns, askedOf } from './subjects/asked.ts';
import { type SubjectName, selectSubjects } from './subjects/names.ts';

const silent = { show: () => {}, print: () => {} };

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

describe('by turns', () => {
  const activations = Object.keys(catalogue);
  const asked = new Map([...askedByTurns(selectSubjects([]), activations)].map(([{ subject }, own]) => [subject, own]));

  test('a backend of two hosts is asked about each activation in one of them', () => {
    const browsers = [...asked.keys()].flatMap((name) => (name.startsWith('browser:') ? [name.slice(8)] : []));
    const shared = browsers.filter((name) => asked.has(name));
    expect(shared).toEqual(['webgpu', 'wasm', 'tfjs-wasm', 'tfjs-webgpu', 'onnxruntime-wasm', 'onnxruntime-webgpu']);
    for (const name of shared) {
      const [node, browser] = [asked.get(name) ?? [], asked.get(`browser:${name}`) ?? []];
      expect([...node, ...browser].sort()).toEqual([...activations].sort());
      expect(Math.round(activations.length / browser.length)).toBe(3);
    }
  });

  test('all others are asked about all, and frameworks about nothing', () => {
    expect([...asked.keys()].filter((name) => name.startsWith('builtin:'))).toEqual([]);
    for (const name of ['reference', 'tfjs-cpu', 'onnxruntime-cpu', 'browser:tfjs-webgl'])
      expect(asked.get(name)).toEqual(activations);
    const alone = selectSubjects(['browser:webgpu', 'reference']);
    expect([...askedByTurns(alone, activations)]).toEqual([...askedOf(alone, activations)]);
  });

  test('what one host lacks, the other is asked about', { timeout: 60_000 }, async () => {
    const group = { name: 'browser:reference', host: 'node', builtins: null } as const; // which no process knows
    const twin: SubjectName = { subject: 'browser:reference', group, activation: null };
    const options = parseArguments(['--group', 'lattice', '--quick', '--jobs', '1']);
    const run = { ...options, activations: ['relu', 'relu6'] };
    expect(run.byTurns).toBe(true);
    const { subjects, unavailable } = await runAll([twin, ...selectSubjects(['reference'])], run, silent).done;
    expect(unavailable.map(({ name }) => name)).toEqual(['browser:reference']);
    expect(subjects.map(({ name, passed }) => [name, passed])).toEqual([['reference', true]]);
    expect([...new Set(subjects[0]?.results.map(({ activation }) => activation))]).toEqual(['relu', 'relu6']);
  });

  test('whoever names a backend or an activation gets all of it', () => {
    expect(parseArguments(['--quick']).byTurns).toBe(true);
    for (const more of [
      ['--backend', '*'],
      ['--activation', 'relu'],
    ])
      expect(parseArguments(['--quick', ...more]).byTurns).toBe(false);
    expect(parseArguments([]).byTurns).toBe(false);
  });
});

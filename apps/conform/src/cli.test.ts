import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command as a user would, with paths relative to the folder. */
async function conform(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = ['--conditions=@isoact/source', '--import', 'tsx', cli, ...args];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, {
      env: { ...process.env, INIT_CWD: folder },
      maxBuffer: 2 ** 26,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('the conform command', () => {
  test('reports a backend, as Markdown and as JSON', async () => {
    const { code, out } = await conform(
      '--backend',
      'reference',
      '--activation',
      'relu',
      '--quick',
      '--json',
      'report.json',
    );
    expect(code).toBe(0);
    expect(out).toContain('## reference: passed');
    expect(out).toContain('| relu | forward | float32 | element | exact |');
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    expect(report).toMatchObject({
      schema: 'isoact.conformance/1',
      seed: 20251117,
      casesHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      subjects: [{ name: 'reference', passed: true, supports: { gradients: true } }],
      mutants: { killed: 0, total: 0, survivors: [] },
      unavailable: [],
    });
    expect(report.subjects[0].results[0]).toMatchObject({
      activation: 'relu',
      direction: 'forward',
      dtype: 'float32',
      extent: null,
      grade: 'exact',
      failed: 0,
      expectedFailures: 0,
      unexpectedPasses: 0,
      maxUlp: 0,
      p99Ulp: 0,
      worst: null,
    });
    expect(await readdir(folder)).toEqual(['report.json']);
  });

  test('exits with 1 where a grade is missed', async () => {
    // float32 arithmetic is not exact to the last bit
    const { code, out } = await conform(
      '--backend',
      'wasm',
      '--activation',
      'gelu',
      '--group',
      'tails',
      '--owed',
      'exact',
      '--quick',
    );
    expect(code).toBe(1);
    expect(out).toContain('## wasm: failed');
  });

  test.each([
    [['--backend', 'nonesuch'], '--backend must be one of reference, '],
    [['--group', 'nonesuch'], '--group must be one of lattice, '],
    [['--owed', 'C'], '--owed must be one of exact, A, B, D (was "C").'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous."],
    [['--seed', '1.5'], '--seed must be a whole number (was "1.5").'],
    [['--nonesuch'], "Unknown option '--nonesuch'"],
    [['--backend', 'reference', '--activation', 'nonesuch'], '--activation must be one of sigmoid, '],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await conform(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('--help explains itself', async () => {
    const { code, out } = await conform('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: pnpm conform/);
  });
});

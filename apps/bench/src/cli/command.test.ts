/** The command as a user runs it, in a process of its own, without a GPU. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseReport } from '../core/report.ts';
import { exitCodes } from './exit-codes.ts';

const command = fileURLToPath(new URL('../cli.ts', import.meta.url));
const javascript = ['--quick', '--backend', 'plain JavaScript'];
const few = [...javascript, '--filter', 'gelu forward'];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isoact-bench-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

function runBench(
  args: readonly string[],
  onError?: (text: string, interrupt: () => void, pid: number) => void,
): Promise<Outcome> {
  const child = spawn(process.execPath, ['--conditions=@isoact/source', '--import', 'tsx', command, ...args], {
    env: { ...process.env, INIT_CWD: folder, ISOACT_GPU_KIND: process.env.ISOACT_GPU_KIND },
  });
  const seen = { out: '', errors: '' };
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted) child.kill('SIGINT');
    interrupted = true;
  };
  child.stdout.on('data', (data) => {
    seen.out += data;
  });
  child.stderr.on('data', (data) => {
    seen.errors += data;
    onError?.(seen.errors, interrupt, child.pid ?? 0);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...seen })));
}

const report = async (name = 'isoact-bench.json') => parseReport(await readFile(join(folder, name), 'utf8'), name);

test('a run writes a table of 80 columns, JSON, CSV and HTML', async () => {
  const { code, out, errors } = await runBench([...few, '--json', 'out.json', '--csv', 'out.csv']);
  expect(errors).toMatch(/\[1\/1\] gelu forward, about \d+ s left/);
  expect(code).toBe(exitCodes.fine);
  expect(out.split('\n').filter((line) => line.length > 80 && !line.includes(folder))).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(['isoact-bench.html', 'out.csv', 'out.json']);
  const { complete, results } = await report('out.json');
  expect(complete).toBe(true);
  expect(results).toMatchObject([
    { subject: 'plain JavaScript', gate: 'passed', labels: expect.arrayContaining(['quick']) },
  ]);
  expect(results[0]?.throughput?.callMs.samples.length).toBeGreaterThanOrEqual(5);
});

test('Ctrl-C leaves valid files and no others', async () => {
  const { code } = await runBench(javascript, (errors, interrupt) => {
    if (errors.includes('[2/')) interrupt();
  });
  expect(code).toBe(exitCodes.interrupted);
  expect((await readdir(folder)).sort()).toEqual(['isoact-bench.html', 'isoact-bench.json']);
  const { complete, results } = await report();
  expect(complete).toBe(false);
  expect(results.length).toBeGreaterThan(0);
});

test('the time is a bound, whatever hangs', { timeout: 60_000 }, async () => {
  // The answers to sixteen million elements alone take longer, in one piece that no timer interrupts.
  const large = ['--backend', 'reference', '--activation', 'velu', '--size', '2^24'];
  const seconds = 20;
  const start = performance.now();
  const { code } = await runBench(['--seconds', String(seconds), ...large]);
  expect(performance.now() - start).toBeLessThan(seconds * 1e3);
  expect(code).toBe(exitCodes.fine);
  expect((await readdir(folder)).sort()).toEqual(['isoact-bench.html', 'isoact-bench.json']);
  const { complete, missing } = await report();
  expect(complete).toBe(false);
  expect(missing.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['velu vjp of 16384×1024']));
});

test.skipIf(process.platform !== 'linux')('a measuring process that dies leaves valid files', async () => {
  let killed = false;
  const { code, errors } = await runBench(javascript, (seen, _, pid) => {
    if (killed || !seen.includes('[2/')) return;
    killed = true;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    const measuring = children.filter((each) => readFileSync(`/proc/${each}/cmdline`, 'utf8').includes('cli.ts'));
    for (const each of measuring) process.kill(each, 'SIGSEGV');
  });
  expect(code).toBe(exitCodes.wrong);
  expect(errors).toContain('The run ended, because of SIGSEGV.');
  const { complete, results } = await report();
  expect(complete).toBe(false);
  expect(results.length).toBeGreaterThan(0);
});

test('merges results of one machine', async () => {
  await runBench([...few, '--json', 'ours.json', '--html', 'ours.html']);
  const ours = await report('ours.json');
  const peers = ours.results.map((row) => ({ ...row, subject: 'pytorch eager' }));
  await writeFile(join(folder, 'theirs.json'), JSON.stringify({ ...ours, results: peers, comparisons: [] }));
  const { code, out } = await runBench(['merge', 'ours.json', 'theirs.json', '--json', 'both.json']);
  expect(code).toBe(exitCodes.fine);
  expect(out).toMatch(/^2 rows, /);
  expect((await report('both.json')).results.map(({ subject }) => subject)).toEqual([
    'plain JavaScript',
    'pytorch eager',
  ]);
  expect(await readdir(folder)).toContain('isoact-bench-merged.html');
});

test('a baseline that was much faster is an exit with 2', async () => {
  await runBench([...few, '--json', 'now.json']);
  const now = await report('now.json');
  const shrink = (samples: readonly number[]) => samples.map((sample) => sample / 10);
  const faster = now.results.map((row) =>
    row.throughput
      ? {
          ...row,
          throughput: {
            ...row.throughput,
            callMs: { ...row.throughput.callMs, samples: shrink(row.throughput.callMs.samples) },
          },
        }
      : row,
  );
  await writeFile(join(folder, 'old.json'), JSON.stringify({ ...now, results: faster }));
  const { code, out } = await runBench([...few, '--baseline', 'old.json']);
  expect(out).toMatch(/slower than the baseline: plain JavaScript gelu forward/);
  expect(code).toBe(exitCodes.slower);
});

test.each([
  [
    ['--backend', 'plain JavaScript', '--filter', 'nothing here'],
    '--filter, --device and --backend must leave something to measure (left nothing). Here are ',
  ],
  [['--baseline', 'none.json'], 'none.json must be a file that can be read'],
  [['merge', 'none.json', 'none.json'], 'none.json must be a file that can be read'],
  [['merge', '--jsn', 'x'], "Unknown option '--jsn'"],
  [['--quik'], 'An option must be one of'],
])('%j is refused and writes nothing', async (args, message) => {
  const { code, errors } = await runBench(args);
  expect(errors).toContain(message);
  expect(errors).not.toMatch(/\n\s+at /);
  expect(code).toBe(exitCodes.usage);
  expect(await readdir(folder)).toEqual([]);
});

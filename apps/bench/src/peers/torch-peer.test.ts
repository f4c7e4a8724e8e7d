/** The Python script, on a NumPy stand-in for PyTorch: its formulas, its lanes and the file that it writes. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseReport, type Report } from '../core/report.ts';

const script = fileURLToPath(new URL('../../peers/torch_peer.py', import.meta.url));
const standIn = fileURLToPath(new URL('../../peers/testing', import.meta.url));

const hasNumpy = (() => {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

// Python with NumPy is not part of this repository: without it the script cannot be run at all.
describe.skipIf(!hasNumpy)('torch_peer.py', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isoact-torch-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Report> {
    const file = join(folder, 'torch.json');
    const env = { ...process.env, PYTHONPATH: standIn, PYTHONDONTWRITEBYTECODE: '1', ...environment };
    await promisify(execFile)('python3', [script, '--quick', '--seconds', '2', '--json', file, ...args], { env });
    return parseReport(await readFile(file, 'utf8'), file);
  }

  test('measures both variants in both directions, and writes what the schema says', async () => {
    const { complete, results, roofs, machine } = await run(['--size', '2048', '--activation', 'velu,adaRelu,gelu']);
    expect(complete).toBe(true);
    expect(results).toHaveLength(12);
    expect(results.filter(({ gate }) => gate !== 'passed')).toEqual([]);
    expect(new Set(results.map(({ subject }) => subject))).toEqual(new Set(['pytorch eager', 'pytorch compile']));
    for (const { throughput, shape } of results) {
      expect(shape).toEqual([2, 1024]);
      expect(throughput?.callMs.samples.length).toBeGreaterThanOrEqual(5);
    }
    expect(roofs).toHaveLength(6);
    expect(machine.versions.torch).toBe('0.0.0+numpy');
  });

  test('float16 has its own tolerance and roof, and a form that computes in float32', async () => {
    const options = ['--size', '2048', '--activation', 'velu,relu', '--subject', 'eager', '--subject', 'mixed'];
    const { results, roofs } = await run([...options, '--dtype', 'float32,float16']);
    const rows = results.map(({ subject, activation, direction, dtype, gate }) =>
      [activation, direction, dtype, subject, gate === 'passed' ? gate : 'refused'].join(' '),
    );
    expect(rows).toEqual([
      'velu forward float32 pytorch eager passed',
      // Each of its operators rounds to float16, which is more than one rounding loses.
      'velu forward float16 pytorch eager refused',
      'velu forward float16 pytorch mixed passed',
      'velu vjp float32 pytorch eager passed',
      'velu vjp float16 pytorch eager refused',
      'velu vjp float16 pytorch mixed passed',
      'relu forward float32 pytorch eager passed',
      'relu forward float16 pytorch eager passed',
      'relu vjp float32 pytorch eager passed',
      'relu vjp float16 pytorch eager passed',
    ]);
    expect(roofs.map(({ dtype }) => dtype).slice(0, 2)).toEqual(['float32', 'float16']);
  });

  test("reads the GPU's clock, and rotates over 256 MB", async () => {
    const options = ['--size', '2^20', '--activation', 'relu', '--subject', 'eager'];
    const { results, roofs } = await run(options, { ISOACT_FAKE_TORCH_CUDA: '1' });
    const [row] = results;
    expect(row).toMatchObject({ device: { kind: 'gpu', description: 'Fake GPU' }, gate: 'passed' });
    expect(row?.gpu?.callMs.median).toBeGreaterThan(0);
    expect(row?.cold?.sets).toBe(31);
    expect(roofs[0]?.cold?.sets).toBe(31);
  });

  test('a wrong answer and a compiler that fails have a reason and no number', async () => {
    const options = ['--size', '1024', '--activation', 'relu'];
    const wrong = await run(options, { ISOACT_FAKE_TORCH_FAULT: 'wrong' });
    const compiled = (report: Report) => report.results.filter(({ subject }) => subject === 'pytorch compile');
    for (const row of compiled(wrong))
      expect(row).toMatchObject({ gate: expect.stringMatching(/must be/), throughput: null });
    const broken = await run(options, { ISOACT_FAKE_TORCH_FAULT: 'throw' });
    for (const row of compiled(broken)) expect(row.gate).toBe('failed: RuntimeError no C compiler');
  });
});

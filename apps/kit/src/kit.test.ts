/** The kit as a bare machine has it: unpacked into an empty folder, run with an empty environment. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gpuKind } from '@isoact-tooling/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archive } from './archive.ts';
import { makeKit } from './make-kit.ts';

const execute = promisify(execFile);
const runsHere = process.platform === 'linux' && process.arch === 'x64' && gpuKind() !== 'none';
const minutes = 60_000;

describe.skipIf(!runsHere)('the kit', () => {
  let root: string;
  let kit: string;
  let work: string;
  let unpacked: string[];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'isoact-kit-'));
    work = join(root, 'work');
    kit = join(root, 'unpacked/isoact-kit');
    await mkdir(work);
    await mkdir(join(root, 'unpacked'));
    await makeKit(join(root, 'isoact-kit'), { software: true });
    await archive(join(root, 'isoact-kit'), join(root, 'kit.tar.xz'), 0);
    await rm(join(root, 'isoact-kit'), { recursive: true });
    await unpack(join(root, 'kit.tar.xz'), join(root, 'unpacked'));
    unpacked = await filesOf(kit);
  }, 5 * minutes);
  afterAll(() => rm(root, { recursive: true, force: true }));

  /** Runs a command of the kit; what it wrote to the working folder is beside its output. */
  async function isoact(...args: readonly string[]): Promise<{ out: string; errors: string }> {
    const { stdout, stderr } = await execute(join(kit, 'isoact'), args, { cwd: work, env: {} });
    return { out: stdout, errors: stderr };
  }

  test('says which GPU it found', async () => {
    const { out, errors } = await isoact('gpu');
    expect(errors).toMatch(/^isoact: (?:software|hardware) GPU: /);
    expect(out).toMatch(/^ISOACT_GPU_KIND=(?:software|hardware)$/m);
  });

  test('compares backends', { timeout: 2 * minutes }, async () => {
    const { out } = await isoact(
      ...['bench', '--quick', '--seconds', '90', '--activation', 'gelu', '--filter', 'forward', '--size', '4096'],
      ...['--dtype', 'float32,float16', '--json', 'bench.json', '--html', 'bench.html'],
    );
    const report: {
      results: { subject: string; dtype: string; gate: string }[];
      machine: { versions: object };
    } = JSON.parse(await readFile(join(work, 'bench.json'), 'utf8'));
    const gates = new Map(report.results.map(({ dtype, subject, gate }) => [`${subject} ${dtype}`, gate]));
    expect(report.results.filter(({ dtype, gate }) => dtype === 'float32' && gate !== 'passed')).toEqual([]);
    for (const subject of ['webgpu', 'onnxruntime-cpu', 'onnxruntime-cpu mixed']) {
      expect(gates.get(`${subject} float16`), subject).toBe('passed');
    }
    for (const subject of ['wasm', 'tfjs-cpu', 'tfjs-wasm', 'tfjs-webgpu', 'plain JavaScript']) {
      expect(gates.get(`${subject} float16`), subject).toBe('unsupported: no float16');
    }
    const subjects = [
      'webgpu',
      'wasm',
      'tfjs-cpu',
      'tfjs-wasm',
      'tfjs-webgpu',
      'onnxruntime-cpu',
      'onnxruntime-webgpu',
    ];
    expect(report.results.map(({ subject }) => subject)).toEqual(expect.arrayContaining(subjects));
    expect(Object.values(report.machine.versions)).not.toContain('not installed');
    expect(out).not.toContain('not here');
  });

  test('checks backends', { timeout: 2 * minutes }, async () => {
    const { out } = await isoact(
      ...['conform', '--quick', '--backend', 'webgpu,tfjs-webgpu,onnxruntime-webgpu', '--activation', 'relu'],
      ...['--json', 'conform.json', '--markdown', 'conform.md'],
    );
    expect(out).toMatch(/^# .*: passed$/m);
    const { subjects }: { subjects: { name: string; passed: boolean }[] } = JSON.parse(
      await readFile(join(work, 'conform.json'), 'utf8'),
    );
    expect(subjects.filter(({ passed }) => passed).map(({ name }) => name)).toEqual([
      'webgpu',
      'tfjs-webgpu',
      'onnxruntime-webgpu',
    ]);
    expect(await readFile(join(work, 'conform.md'), 'utf8')).toBe(out);
  });

  test("runs the packages' own GPU tests", { timeout: 2 * minutes }, async () => {
    const { out } = await isoact('gpu-tests', '--only', 'kernel', '--json', 'tests.json');
    expect(out).toMatch(/^webgpu-kernel: [1-9]\d* passed, 0 failed, 0 skipped/m);
    expect(out).toMatch(/^tfjs-kernels: [1-9]\d* passed, 0 failed, 0 skipped/m);
  });

  test('tells of a test that fails', async () => {
    const broken = join(kit, 'app/tests/webgpu-kernel.js');
    const text = await readFile(broken, 'utf8');
    await writeFile(broken, 'throw new Error("planted");');
    const failed = isoact('gpu-tests', '--only', 'webgpu-kernel');
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('planted') });
    await writeFile(broken, text);
  });

  test('runs a module of the caller with Dawn', async () => {
    const script = `import { create } from 'webgpu';
      globalThis.instance = create([]);
      const adapter = await globalThis.instance.requestAdapter();
      console.log(process.argv.slice(2).join(), adapter.features.has('timestamp-query'));
      process.exit(0);`;
    await writeFile(join(work, 'script.mjs'), script);
    expect((await isoact('run', 'script.mjs', 'one', 'two')).out).toBe('one,two true\n');
  });

  test('wrote where it was told to, and nowhere else', async () => {
    expect(await filesOf(kit)).toEqual(unpacked);
    const written = ['bench.html', 'bench.json', 'conform.json', 'conform.md', 'script.mjs', 'tests.json'];
    expect(await filesOf(work)).toEqual(written);
    for (const file of ['LICENSE', 'peers/torch_peer.py', 'peers/golden/velu.json']) await access(join(kit, file));
  });
});

const filesOf = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

/** As the kit's README says: with tar, or with Python where xz is missing. */
async function unpack(file: string, folder: string): Promise<void> {
  const script = `import tarfile; tarfile.open(${JSON.stringify(file)}).extractall(${JSON.stringify(folder)})`;
  await execute('tar', ['-xJf', file, '-C', folder]).catch(() => execute('python3', ['-c', script]));
}

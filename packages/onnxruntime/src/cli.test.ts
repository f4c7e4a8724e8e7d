import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from './cli/program.ts';
import { externalModel, hugeModel } from './testing/external-model.ts';
import { residualNetwork, transformerBlock } from './testing/models.ts';
import { sample } from './testing/nearness.ts';
import { runModel } from './testing/run-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isoact-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Names of files are names in the folder of the tests. */
async function run(...args: string[]): Promise<Outcome> {
  const inFolder = args.map((arg) => (/^[\w/]+\.(onnx|json)$/.test(arg) ? join(folder, arg) : arg));
  let [out, err] = ['', ''];
  const code = await runCommand(inFolder, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isInteractive: false,
  });
  return { code, out, err };
}

const digest = async (name: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(folder, name)))
    .digest('hex');

test('is a command of its own', async () => {
  const entry = fileURLToPath(new URL('./cli.ts', import.meta.url));
  const command = ['--conditions=@isoact/source', '--import', 'tsx', entry, 'inspect', join(folder, 'missing.onnx')];
  const failed = await promisify(execFile)(process.execPath, command).catch((error) => error);
  expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('isoact-onnx: ') });
});

test('helps', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out).toContain('isoact-onnx replace model.onnx --from Relu --to velu -o velu.onnx');
  expect((await run('replace', '--help')).out).toContain('--channel-axis');
  for (const command of ['replace', 'inspect', 'export']) {
    const lines = [...out.split('\n'), ...(await run(command, '--help')).out.split('\n')];
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});

test('inspects, replaces and exports', async () => {
  await writeFile(join(folder, 'block.onnx'), transformerBlock());
  const inspected = await run('inspect', 'block.onnx');
  expect(inspected.out).toContain('/Mul_9: gelu (Div Erf Add Mul Mul)');
  expect(inspected.out).toContain('2 activations');
  const before = await digest('block.onnx');

  const dry = await run('replace', 'block.onnx', '--from', 'gelu', '--to', 'velu:guarded', '--dry-run');
  expect(dry.out).toContain('/Mul_9: gelu (Div Erf Add Mul Mul) → velu');
  expect(dry.out).toContain('1 replaced, 0 unchanged, 1 kept');
  expect(await readdir(folder)).toEqual(['block.onnx']);

  const replaced = await run(
    'replace',
    'block.onnx',
    '--from',
    '*',
    '--to',
    'velu',
    '--set',
    'alpha=0.5',
    '-o',
    'out.onnx',
    '--json',
  );
  const report = JSON.parse(replaced.out);
  expect(report.replaced.map(({ to }: { to: string }) => to)).toEqual(['velu', 'velu']);
  expect(await digest('block.onnx')).toBe(before);
  expect(await runModel(await readFile(join(folder, 'out.onnx')), { tokens: [1, 2, 8] })).toHaveLength(16);

  const exported = await run('export', 'velu', '--shape', 'batch,8', '--as', 'function', '-o', 'velu.onnx');
  expect(exported.out).toMatch(/velu\.onnx: velu, \d+ bytes/);
  expect(await runModel(await readFile(join(folder, 'velu.onnx')), { x: [2, 8] })).toHaveLength(16);
});

test('writes over nothing unless told so', async () => {
  await writeFile(join(folder, 'model.onnx'), residualNetwork());
  await writeFile(join(folder, 'taken.onnx'), 'precious');
  const before = await digest('model.onnx');
  const rule = ['replace', 'model.onnx', '--from', 'Relu', '--to', 'velu'];

  const same = await run(...rule, '-o', 'model.onnx');
  expect(same).toMatchObject({ code: 1, err: expect.stringContaining('another file than the input') });
  const taken = await run(...rule, '-o', 'taken.onnx');
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('must be the name of a new file') });
  expect(await readFile(join(folder, 'taken.onnx'), 'utf8')).toBe('precious');
  expect(await digest('model.onnx')).toBe(before);

  expect((await run(...rule, '-o', 'taken.onnx', '--force')).code).toBe(0);
  expect((await run(...rule, '--in-place')).code).toBe(0);
  expect(await digest('model.onnx')).toBe(await digest('taken.onnx'));
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('leaves external data alone, and has it beside the output', async () => {
  const { model, data } = externalModel('weights.bin');
  await writeFile(join(folder, 'external.onnx'), model);
  await writeFile(join(folder, 'weights.bin'), data);
  expect((await run('inspect', 'external.onnx')).out).toContain('external data: weights.bin');
  const rule = ['replace', 'external.onnx', '--from', 'Relu', '--to', 'relu6'];

  expect((await run(...rule, '-o', 'beside.onnx')).code).toBe(0);
  const elsewhere = await run(...rule, '-o', 'other/there.onnx');
  expect(elsewhere).toMatchObject({ code: 1, err: expect.stringContaining('Have it copied.') });
  expect((await run(...rule, '-o', 'other/there.onnx', '--copy-external-data')).code).toBe(0);

  const x = sample(4, 2);
  for (const name of ['beside.onnx', 'other/there.onnx']) {
    const y = await runModel(join(folder, name), { x: [1, 4] });
    expect(Array.from(y)).toEqual(Array.from(x, (value) => Math.min(Math.max(2 * value, 0), 6)));
  }
});

test('edits a model with more than 2 GB beside it, and reads none of them', async () => {
  const { model, rows, bytes, lastRow } = hugeModel('huge.bin');
  expect(bytes).toBeGreaterThan(2 ** 31);
  await writeFile(join(folder, 'huge.onnx'), model);
  const data = await open(join(folder, 'huge.bin'), 'w');
  await data.truncate(bytes); // a hole, which takes no place on the disk
  await data.write(new Uint8Array(lastRow.buffer), 0, lastRow.byteLength, bytes - lastRow.byteLength);
  await data.close();

  const before = process.memoryUsage().rss;
  expect((await run('replace', 'huge.onnx', '--from', 'Relu', '--to', 'relu6', '-o', 'edited.onnx')).code).toBe(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
  const token = new Tensor('int64', BigInt64Array.of(BigInt(rows - 1)), [1]);
  const y = await runModel(join(folder, 'edited.onnx'), { token });
  expect(Array.from(y)).toEqual(Array.from(lastRow, (value) => Math.max(value, 0)));
  await rm(join(folder, 'huge.bin'));
});

test('takes rules from a file and definitions from a module', async () => {
  await writeFile(join(folder, 'net.onnx'), residualNetwork());
  const definition = `
    import { defineActivation } from '@isoact/core';
    import { mul } from '@isoact/core/expression';
    export const doubled = defineActivation({
      name: 'doubled',
      forward: (x) => mul(2, x),
      limits: () => ({ negative: { value: -Infinity, slope: 2 }, positive: { value: Infinity, slope: 2 } }),
    });`;
  const module = fileURLToPath(new URL('../.cache/cli-test-definition.mjs', import.meta.url));
  await mkdir(new URL('../.cache/', import.meta.url), { recursive: true });
  await writeFile(module, definition);
  const rules = [
    { from: 'relu', to: 'doubled', position: 'last' },
    { from: 'relu', to: 'prelu', parameters: { slope: { shape: [4, 1, 1], values: [1, 2, 3, 4] } } },
  ];
  await writeFile(join(folder, 'rules.json'), JSON.stringify(rules));
  const { out } = await run(
    'replace',
    'net.onnx',
    '--rules',
    'rules.json',
    '--module',
    module,
    '-o',
    'ruled.onnx',
    '--json',
  );
  const { replaced } = JSON.parse(out);
  expect(replaced.map(({ to }: { to: string }) => to).sort()).toEqual(['doubled', 'prelu', 'prelu', 'prelu', 'prelu']);
  expect(await runModel(await readFile(join(folder, 'ruled.onnx')), { image: [1, 3, 8, 8] })).toHaveLength(2);
});

test('says what is wrong with the command line, and with a file', async () => {
  expect(await run('replace', 'block.onnx')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--output must be given'),
  });
  expect(await run('export', 'vleu', '-o', 'x.onnx')).toMatchObject({
    code: 2,
    err: expect.stringContaining('the activation must be one of'),
  });
  expect(await run('export', 'velu:best', '-o', 'x.onnx')).toMatchObject({
    code: 2,
    err: expect.stringContaining('official'),
  });
  expect(await run('replace', '--frmo')).toMatchObject({ code: 2 });
  expect(await run('inspect', 'missing.onnx')).toMatchObject({
    code: 1,
    err: expect.stringContaining('must be a file that can be read'),
  });
  await writeFile(join(folder, 'text.onnx'), 'not a model');
  expect(await run('inspect', 'text.onnx')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^isoact-onnx: .* must be/),
  });
});

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkRuntimes } from './runtimes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isoact-runtimes-'));
});
afterEach(() => rm(folder, { recursive: true }));

const install = (path: string) => mkdir(join(folder, 'node_modules', path), { recursive: true });

test('what was asked for, and what its runtime is made of, may lie there', async () => {
  await install('@isoact/tfjs');
  await install('@tensorflow/tfjs-backend-wasm/node_modules/@tensorflow/tfjs-backend-cpu');
  expect(await checkRuntimes(folder, ['@isoact/tfjs', '@tensorflow/tfjs-backend-wasm'])).toBe(3);
});

test.each(['onnxruntime-web', '@isoact/tfjs/node_modules/webgpu', '.pnpm/webgpu@0.6.2/node_modules/webgpu'])(
  'another runtime must not: %s',
  async (path) => {
    await install(path);
    await expect(checkRuntimes(folder, ['@isoact/tfjs', '@tensorflow/tfjs-core'])).rejects.toThrow(
      'runtimes asked for',
    );
  },
);

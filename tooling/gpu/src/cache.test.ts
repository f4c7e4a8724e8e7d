import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cachedFolder } from './cache.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'isoact-cache-'));
});

afterEach(() => rm(root, { recursive: true }));

test('of several that fill a folder at once one wins, and all get it whole', async () => {
  let arrived = 0;
  const fill = async (folder: string) => {
    const turn = ++arrived;
    // All of them have begun before any of them ends.
    while (arrived < 3) await new Promise((resume) => setTimeout(resume, 1));
    await writeFile(join(folder, 'file'), `whole ${turn}`);
  };
  const folders = await Promise.all([1, 2, 3].map(() => cachedFolder('thing-1', fill, root)));

  expect(new Set(folders)).toEqual(new Set([join(root, 'thing-1')]));
  expect(await readFile(join(root, 'thing-1', 'file'), 'utf8')).toMatch(/^whole [123]$/);
  expect(await readdir(root)).toEqual(['thing-1']);
});

test('a full folder is not filled again', async () => {
  await cachedFolder('thing-1', (folder) => writeFile(join(folder, 'file'), 'first'), root);
  await cachedFolder('thing-1', () => Promise.reject(new Error('must not be called')), root);
  expect(await readFile(join(root, 'thing-1', 'file'), 'utf8')).toBe('first');
});

test('a failure leaves nothing behind', async () => {
  const failing = cachedFolder('thing-1', () => Promise.reject(new Error('disk full')), root);
  await expect(failing).rejects.toThrow('disk full');
  expect(await readdir(root)).toEqual([]);
});

/** Model files: read in pieces, written beside their place and then put there at once. */
import { constants as bufferLimits } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { constants, copyFile, type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { mustBe } from '@isoact/core';
import { ModelError } from '../surgery/errors.ts';

/** Done and all bytes of a step. */
export type Progress = (step: 'read' | 'write' | 'copy', done: number, total: number) => void;

const pieceLength = 2 ** 26;

/** @throws ModelError where there is no such file, or one too large for a protobuf message. */
export async function readModelFile(path: string, onProgress: Progress = () => {}): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openForReading(path);
  try {
    const { size } = await file.stat();
    // protobuf itself allows 2 GiB; what is larger lies in files beside
    const limit = Math.min(2 ** 31, bufferLimits.MAX_LENGTH);
    if (size > limit) throw new ModelError(mustBe(path, `a model of at most ${limit} bytes`, size));
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size; ) {
      const { bytesRead } = await file.read(bytes, done, Math.min(pieceLength, size - done), done);
      if (bytesRead === 0) throw new ModelError(mustBe(path, `${size} bytes long to its end`, done));
      done += bytesRead;
      onProgress('read', done, size);
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new ModelError(mustBe(path, 'a file that can be read', codeOf(error)), { cause: error });
  }
}

export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly overwrite?: boolean;
  readonly onProgress?: Progress;
}

/** Writes all or nothing: whoever looks sees the old file, or none, until the new one is whole. */
export async function writeWhole(
  path: string,
  pieces: readonly Uint8Array[],
  { overwrite = false, onProgress = () => {} }: WriteOptions = {},
): Promise<void> {
  if (!overwrite && (await exists(path))) throw alreadyThere(path);
  const folder = dirname(resolve(path));
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  try {
    const file = await open(temporary, 'wx');
    try {
      let done = 0;
      for (const piece of pieces) {
        for (let from = 0; from < piece.length; from += pieceLength) {
          const part = piece.subarray(from, from + pieceLength);
          await file.writeFile(part);
          done += part.length;
          onProgress('write', done, total);
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await (overwrite ? rename(temporary, path) : placeAnew(temporary, path));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Gives a finished file its name unless another has got it meanwhile. */
async function placeAnew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(path);
    await rename(temporary, path); // file systems without links
  }
}

const alreadyThere = (path: string): ModelError =>
  new ModelError(
    mustBe(path, 'the name of a new file', 'there already', 'Choose another, or say that it may be replaced.'),
  );

/**
 * The files beside a model that its tensors lie in.
 * @throws ModelError for a name that leads out of the model's folder.
 */
export function externalPaths(model: string, names: readonly string[]): readonly string[] {
  const folder = dirname(resolve(model));
  return names.map((name) => {
    const path = resolve(folder, name);
    const inside = relative(folder, path);
    if (!name || isAbsolute(name) || inside.startsWith('..') || isAbsolute(inside)) {
      throw new ModelError(mustBe("the place of a model's external data", 'inside of its folder', name));
    }
    return path;
  });
}

/** Copies files without reading them into memory; those that are there already stay. */
export async function copyBeside(
  paths: readonly string[],
  from: string,
  to: string,
  onProgress: Progress,
): Promise<void> {
  for (const [index, path] of paths.entries()) {
    const target = resolve(dirname(resolve(to)), relative(dirname(resolve(from)), path));
    if (target !== path && !(await exists(target))) {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    }
    onProgress('copy', index + 1, paths.length);
  }
}

export const sameFolder = (one: string, two: string): boolean => dirname(resolve(one)) === dirname(resolve(two));

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The code that Node gives to errors of the file system. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

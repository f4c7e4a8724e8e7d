/** A folder as .tar.xz, the same bytes for the same files. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-fs';

interface Compressor {
  readonly command: string;
  readonly arguments: (level: number) => readonly string[];
}

const python = `
import lzma, shutil, sys
with lzma.open(sys.stdout.buffer, 'wb', preset=int(sys.argv[1])) as out:
    shutil.copyfileobj(sys.stdin.buffer, out, 1 << 20)
`;

/** No package of npm compresses to xz well, so the system must: by its own tool, or by Python's library. */
const compressors: readonly Compressor[] = [
  { command: 'xz', arguments: (level) => ['--stdout', `-${level}`] },
  { command: 'python3', arguments: (level) => ['-c', python, String(level)] },
];

/**
 * Packs a folder, under its own name.
 * @param level of xz, 0 to 9.
 * @throws Error where this machine has neither xz nor Python 3.
 */
export async function archive(folder: string, file: string, level: number): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`;
  try {
    for (const compressor of compressors) {
      if (await compress(compressor, folder, unfinished, level)) {
        await rename(unfinished, file);
        return;
      }
    }
  } finally {
    await rm(unfinished, { force: true });
  }
  throw new Error('xz or Python 3 must be installed to make the archive (neither was found). Install xz-utils.');
}

/** False where the command is not installed. */
async function compress(
  { command, arguments: argumentsOf }: Compressor,
  folder: string,
  file: string,
  level: number,
): Promise<boolean> {
  const child = spawn(command, argumentsOf(level), { stdio: ['pipe', 'pipe', 'inherit'] });
  const started = new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  if (!(await started)) return false;
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const entries = pack(dirname(folder), {
    entries: files.map((each) => relative(dirname(folder), each)).sort(),
    map: (header) => ({ ...header, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' }),
  });
  await Promise.all([pipeline(entries, child.stdin), pipeline(child.stdout, createWriteStream(file))]);
  const code = await ended;
  if (code !== 0) throw new Error(`${command} must end with 0 (was ${code}).`);
  return true;
}

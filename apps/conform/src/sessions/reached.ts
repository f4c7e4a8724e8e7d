/** The case that a process has reached, kept where it outlasts the process: in a file that only these two know. */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Its place among the child's files, after those of `stdio` and the channel. */
const reachedFile = 4;

export interface Reached {
  /** What the child must have as its file 4. */
  readonly file: number;
  /** The name last written; '' before any. */
  read(): string;
  clear(): void;
  /** The name can still be read afterwards. */
  close(): void;
}

let count = 0;

export function openReached(): Reached {
  const path = join(tmpdir(), `isoact-reached-${process.pid}-${count++}`);
  const file = openSync(path, 'wx+');
  unlinkSync(path);
  let last: string | null = null;
  const read = (): string => {
    const bytes = Buffer.alloc(1024);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0)).split('\n', 1)[0] as string;
  };
  return {
    file,
    read: () => last ?? read(),
    clear: () => {
      // once it is closed, its number may be another file's
      if (last === null) writeSync(file, '\n', 0);
    },
    close: () => {
      last = read();
      closeSync(file);
    },
  };
}

/** A few microseconds, where a message takes hundreds. */
export function writeReached(id: string): void {
  writeSync(reachedFile, `${id}\n`, 0);
}

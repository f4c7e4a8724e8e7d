/** Fuzzed files in a process that is watched: a case that does not end is named, and its process is ended. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface FuzzResult {
  edited: number;
  refused: number;
  files: number;
  readonly faults: string[];
}

export interface WatchOptions {
  readonly from: number;
  readonly to: number;
  /** Milliseconds that one case may take. */
  readonly limit: number;
  /** A case that is not to end: the proof that somebody looks. */
  readonly hangAt?: number;
}

const entry = fileURLToPath(new URL('./fuzz-process.ts', import.meta.url));

/** @throws Error that names a case which takes longer than the limit, or ends the process. */
export async function watchedFuzz({ from, to, limit, hangAt }: WatchOptions): Promise<FuzzResult> {
  const numbers = [from, to, ...(hangAt === undefined ? [] : [hangAt])].map(String);
  const command = ['--conditions=@isoact/source', '--import', 'tsx', entry, ...numbers];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  let hung = false;
  let watch: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    clearTimeout(watch);
    watch = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, limit);
  }
  clearTimeout(watch);
  if (hung) throw new Error(`case ${last} hangs`);
  if (!last.startsWith('{')) throw new Error(`the process ended in case ${last}`);
  return JSON.parse(last);
}

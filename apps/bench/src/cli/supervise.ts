/**
 * The command in two processes, so that its promises hold whatever a driver does: this one waits, the other measures
 * and writes the result case by case. One that crashes, hangs in native code or is not done when the time is over leaves
 * what it finished, and this one draws the report of it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { startOfCommand } from '@isoact-tooling/gpu/runCommand';
import { isWrong } from '../core/report.ts';
import { exitCodes } from './exit-codes.ts';
import type { Options } from './options.ts';

/** Tells the process that measures when the command began. */
const measuresSince = 'ISOACT_BENCH_MEASURES_SINCE';

export const isMeasuring = (): boolean => measuresSince in process.env;

/** In milliseconds of the epoch. */
const startedAt = Number(process.env[measuresSince] ?? startOfCommand());

/** Milliseconds of the command so far, the search for a GPU included. */
export const elapsedMs = (): number => performance.timeOrigin + performance.now() - startedAt;

/** What drawing the report of an unfinished result takes. */
const drawingMs = 3_000;
/** What loading the code for it takes on a busy machine; hardly anything is measured then. */
const loadingMs = 8_000;
/** After Ctrl-C, the call at hand may end. */
const patienceMs = 5_000;
/** Signals this close together come from one press of Ctrl-C: a terminal and the script runner may both send it. */
const sameKeyMs = 1_000;

/** Starts the measuring process and gives its exit code, or that of what it left behind. */
export async function supervise(options: Options): Promise<number> {
  const [entry, ...args] = process.argv.slice(1);
  if (!entry) throw new Error('The command must know its own file (does not).');
  const child = fork(entry, args, { env: { ...process.env, [measuresSince]: String(startedAt) } });
  let ending: 'its time was over' | 'it was told to stop' | null = null;
  const end = (reason: NonNullable<typeof ending>) => {
    ending ??= reason;
    child.kill('SIGKILL');
  };
  const { totalMs, graceMs } = options.effort;
  const leftMs = totalMs + graceMs - elapsedMs() - Math.min(drawingMs, totalMs / 5);
  const timers = [
    setTimeout(() => end('its time was over'), Math.max(0, leftMs)),
    // Most runs end by themselves before; it is loaded once, here and below.
    setTimeout(() => void import('./write-report.ts'), Math.max(0, leftMs - loadingMs)),
  ];
  let interruptedAt = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const sinceMs = performance.now() - interruptedAt;
      if (sinceMs < sameKeyMs) return;
      // The first lets the call at hand end, a later one does not wait.
      if (sinceMs < Number.POSITIVE_INFINITY) return end('it was told to stop');
      interruptedAt = performance.now();
      child.kill('SIGINT');
      timers.push(setTimeout(() => end('it was told to stop'), patienceMs));
    });
  }
  const { code, signal } = await exitOf(child);
  for (const timer of timers) clearTimeout(timer);
  if (code !== null) return code;
  const { drawUnfinished } = await import('./write-report.ts');
  const report = await drawUnfinished(options, startedAt);
  const kept = report ? `${report.results.length} rows are in ${options.jsonFile}.` : 'Nothing was measured yet.';
  process.stderr.write(`\nThe run ended, because ${ending ?? `of ${signal}`}. ${kept}\n`);
  if (ending === 'it was told to stop') return exitCodes.interrupted;
  return ending && !report?.results.some(isWrong) ? exitCodes.fine : exitCodes.wrong;
}

const exitOf = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });

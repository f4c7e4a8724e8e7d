/** A session in a child process of Node. */
import { type ChildProcess, fork } from 'node:child_process';
import type { SubjectReport } from '@isoact/core/conformance';
import { openReached } from './reached.ts';
import {
  createWatchdog,
  type EvaluationRequest,
  longestSilence,
  type OnCase,
  type RunRequest,
  type Session,
  SessionEnded,
  Unavailable,
  type Watchdog,
} from './session.ts';

export type Order =
  | { readonly kind: 'open'; readonly group: string }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'evaluate'; readonly request: EvaluationRequest }
  | { readonly kind: 'close' };

export type Answer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'case'; readonly id: string; readonly begun: number }
  | { readonly kind: 'report'; readonly report: SubjectReport }
  | { readonly kind: 'values'; readonly values: readonly number[] | null }
  | { readonly kind: 'failed'; readonly reason: string };

/** Milliseconds for a backend to start, and to end. */
const openLimit = 120_000;
const closeLimit = 10_000;

export function openChild(entry: string, engineFlags: readonly string[] = []): Session {
  const reached = openReached();
  const child = fork(entry, {
    execArgv: [...engineFlags, ...(entry.endsWith('.ts') ? ['--conditions=@isoact/source', '--import', 'tsx'] : [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', reached.file],
    // JSON has no infinities and no NaN
    serialization: 'advanced',
  });
  const ending = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  void ending.then(reached.close);
  const complaints = lastLines(child);
  const ask = (order: Order, limit: number, onCase?: OnCase): Promise<Answer> =>
    new Promise((resolve, reject) => {
      let dog: Watchdog | null = null;
      const finish = (settle: () => void): void => {
        dog?.stop();
        child.off('message', hear);
        settle();
      };
      const hear = (message: Answer): void => {
        dog?.feed();
        if (message.kind === 'case') onCase?.(message.id, message.begun);
        else finish(() => resolve(message));
      };
      child.on('message', hear);
      dog = createWatchdog(limit, () => {
        child.kill('SIGKILL');
        finish(() => reject(new SessionEnded(`the process hung: it said nothing for ${Math.round(limit / 1000)} s`)));
      });
      void ending.then((how) => finish(() => reject(new SessionEnded(`the process ${how}${complaints()}`))));
      child.send(order, (error) => {
        if (error) void ending.then(() => {}); // `ending` tells what happened
      });
    });

  const opened = new Set<string>();
  const openGroup = async (group: string): Promise<void> => {
    if (opened.has(group)) return;
    const answer = await ask({ kind: 'open', group }, openLimit);
    if (answer.kind === 'unavailable') throw new Unavailable(answer.reason);
    opened.add(group);
  };
  return {
    async run(request, onCase) {
      await openGroup(request.group);
      reached.clear();
      try {
        const answer = await ask({ kind: 'run', request }, longestSilence(request.options), onCase);
        if (answer.kind === 'report') return answer.report;
        throw new Error(answer.kind === 'failed' ? answer.reason : `a report must come (came ${answer.kind}).`);
      } catch (error) {
        const last = reached.read();
        if (last) onCase(last, 0);
        throw error;
      }
    },
    async evaluate(request) {
      await openGroup(request.group);
      const answer = await ask({ kind: 'evaluate', request }, openLimit);
      if (answer.kind === 'values') return answer.values;
      throw new Error(answer.kind === 'failed' ? answer.reason : `values must come (came ${answer.kind}).`);
    },
    async close() {
      child.send({ kind: 'close' } satisfies Order, () => {});
      const timer = setTimeout(() => child.kill('SIGKILL'), closeLimit);
      await ending;
      clearTimeout(timer);
    },
  };
}

/** What the process last wrote to its standard error, for whoever asks why it ended. */
function lastLines({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  stdout?.resume();
  stderr?.on('data', (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-2000);
  });
  return () => {
    const lines = text.trim().split('\n').filter(Boolean).slice(-3);
    return lines.length > 0 ? ` (${lines.join(' | ')})` : '';
  };
}

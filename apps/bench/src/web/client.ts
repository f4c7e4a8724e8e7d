/** The page's end of the worker: one message at a time in, replies as they come. */
import type { Reply, Request } from './protocol.ts';

export interface Client {
  send(request: Request): void;
  /** Ends the worker at once, with whatever it is doing. */
  close(): void;
}

export function createClient(onReply: (reply: Reply) => void): Client {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Reply>) => onReply(data);
  worker.onerror = ({ message }) => onReply({ kind: 'failed', message: message || 'the worker could not start' });
  return { send: (request) => worker.postMessage(request), close: () => worker.terminate() };
}

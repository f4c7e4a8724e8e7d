/** What is being done and how much remains: one line that is rewritten on a terminal, a line per case elsewhere. */
import { styleText } from 'node:util';
import type { RunEvent } from '../core/run.ts';
import { questionText, timeLeftText } from '../core/units.ts';

export interface Progress {
  readonly onEvent: (event: RunEvent) => void;
  /** Clears the line, before other output. */
  readonly clear: () => void;
}

export function createProgress(stream: NodeJS.WriteStream, cases: number): Progress {
  let lastCase = -1;
  let shown = false;
  const clear = () => {
    if (shown) stream.write('\r\x1b[K');
    shown = false;
  };
  return {
    clear,
    onEvent: (event) => {
      if (event.kind !== 'step') return;
      const { name, direction, dtype } = event.question;
      const left = timeLeftText(event.leftMs);
      const where = `[${event.index + 1}/${cases}] ${questionText(name, direction, dtype)}`;
      if (stream.isTTY) {
        const text = `${where} · ${event.step} · ${left}`.slice(0, (stream.columns ?? 80) - 1);
        stream.write(`\r\x1b[K${styleText('dim', text)}`);
        shown = true;
      } else if (event.index !== lastCase) {
        stream.write(`${where}, ${left}\n`);
      }
      lastCase = event.index;
    },
  };
}

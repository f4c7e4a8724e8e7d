/** A session in a page of a browser. */
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SubjectReport } from '@isoact/core/conformance';
import { type GpuBrowser, hasBrowser, openBrowser, openModulePage } from '@isoact-tooling/gpu/browser';
import {
  baselineOnly,
  createWatchdog,
  longestSilence,
  type OnCase,
  type Session,
  SessionEnded,
  Unavailable,
} from './session.ts';
import { fromText } from './text.ts';

/** The browser of a run: started when the first page is asked for, and again should it end. */
export interface BrowserOwner {
  /** @throws Unavailable where the machine has no browser. */
  openPage(): Promise<Session>;
  close(): Promise<void>;
}

/** Milliseconds for a page's backends to end. */
const closeLimit = 5000;

const folderOf = (specifier: string): string => fileURLToPath(new URL('.', import.meta.resolve(specifier)));

export function createBrowserOwner(engineFlags: readonly string[] = baselineOnly): BrowserOwner {
  let starting: Promise<GpuBrowser> | null = null;
  const start = async (): Promise<GpuBrowser> => {
    if (!(await hasBrowser())) throw new Unavailable('no browser is installed, and npm has none for this system');
    const browser = await openBrowser({ engineFlags });
    browser.browser.once('disconnected', () => {
      starting = null;
    });
    return browser;
  };
  return {
    async openPage() {
      starting ??= start();
      let browser: GpuBrowser;
      try {
        browser = await starting;
      } catch (error) {
        starting = null;
        throw new Unavailable(error instanceof Error ? error.message : String(error));
      }
      return openPage(browser);
    },
    async close() {
      const browser = await starting?.catch(() => null);
      await browser?.close();
    },
  };
}

async function openPage(browser: GpuBrowser): Promise<Session> {
  const opened = await openModulePage(browser, {
    entry: new URL('./page-entry.ts', import.meta.url),
    folders: {
      '/tfjs-wasm/': folderOf('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'),
      '/onnxruntime/': folderOf('onnxruntime-web/webgpu'),
    },
  });
  let onCase: OnCase = () => {};
  const ended = new Promise<never>((_, reject) => {
    opened.page.once('crash', () => reject(new SessionEnded(`the page crashed${lastOf(opened.messages)}`)));
    opened.page.once('close', () => reject(new SessionEnded(`the page ended${lastOf(opened.messages)}`)));
  });
  ended.catch(() => {}); // it is raced below, and a page may also be closed on purpose
  await opened.page.exposeFunction('isoactCase', (id: string, begun: number) => onCase(id, begun));
  const groups = new Set<string>();
  const openGroup = async (group: string): Promise<void> => {
    if (groups.has(group)) return;
    const reason = await Promise.race([opened.call('open', group), ended]);
    if (typeof reason === 'string') throw new Unavailable(reason);
    groups.add(group);
  };
  return {
    async run(request, listener) {
      await openGroup(request.group);
      const limit = longestSilence(request.options);
      let silence: (error: SessionEnded) => void = () => {};
      const silent = new Promise<never>((_, reject) => {
        silence = reject;
      });
      const dog = createWatchdog(limit, () =>
        silence(new SessionEnded(`the page hung: it said nothing for ${Math.round(limit / 1000)} s`)),
      );
      onCase = (id, begun) => {
        dog.feed();
        listener(id, begun);
      };
      try {
        const text = await Promise.race([opened.call('run', request), ended, silent]);
        return fromText(text as string) as SubjectReport; // as the page's own entry gives it
      } finally {
        dog.stop();
      }
    },
    async evaluate(request) {
      await openGroup(request.group);
      return (await Promise.race([opened.call('evaluate', request), ended])) as readonly number[] | null;
    },
    async close() {
      // a timer that does not keep the command waiting once all is closed
      const patience = wait(closeLimit, undefined, { ref: false });
      await Promise.race([opened.call('close'), ended, patience]).catch(() => {});
      await opened.close();
    },
  };
}

const lastOf = (messages: readonly string[]): string => {
  const last = messages.slice(-2);
  return last.length > 0 ? ` (${last.join(' | ')})` : '';
};

/** A page that holds one module of this repository, bundled from source, whose functions a test calls. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { GpuBrowser } from './browser.ts';
import { type Served, servePages } from './server.ts';

declare global {
  interface Window {
    isoactEntry: Record<string, (...values: readonly unknown[]) => unknown>;
  }
}

export interface PageOptions extends Served {
  /** The module, TypeScript or JavaScript. */
  readonly entry: URL | string;
}

export interface ModulePage {
  readonly page: Page;
  readonly origin: string;
  /** What the page wrote to its console, and the errors that nothing caught. */
  readonly messages: readonly string[];
  /** Calls an exported function of the module. Arguments and result travel as JSON. */
  call(name: string, ...values: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Bundles the module, serves it on this machine and loads it. */
export async function openModulePage(browser: GpuBrowser, options: PageOptions): Promise<ModulePage> {
  const server = await servePages({
    ...options,
    files: {
      '/index.html':
        '<!doctype html><meta charset="utf-8"><title>isoact</title><script type="module" src="/start.js"></script>',
      '/start.js': "import * as entry from '/entry.js'; window.isoactEntry = entry;",
      '/entry.js': await bundle(options.entry),
      ...options.files,
    },
  });
  const page = await browser.browser.newPage();
  const messages: string[] = [];
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(`uncaught: ${error.message}`));
  const close = async () => {
    await page.close();
    await server.close();
  };

  const failure = new Promise<never>((_, reject) => page.once('pageerror', reject));
  // It may come before the race below or long after it; `messages` has it then, and this process must not end of it.
  failure.catch(() => {});
  try {
    await page.goto(server.origin);
    await Promise.race([page.waitForFunction(() => 'isoactEntry' in window), failure]);
  } catch {
    await close();
    throw new Error(`The page's module must load (did not).\n${messages.join('\n')}`);
  }

  return {
    page,
    origin: server.origin,
    messages,
    call: (name, ...values) =>
      // This function runs in the page: the text of one that vitest or tsx has compiled must not need their helpers,
      // so it declares no function and imports nothing.
      page.evaluate(
        ({ name, values }) => {
          const exported = window.isoactEntry[name];
          if (!exported) throw new Error(`${name} must be an export of the page's module (was not).`);
          return exported(...values);
        },
        { name, values },
      ),
    close,
  };
}

/** A module is bundled once, however many pages load it. */
const bundles = new Map<string, Promise<string>>();

function bundle(entry: URL | string): Promise<string> {
  const path = entry instanceof URL ? fileURLToPath(entry) : entry;
  let bundled = bundles.get(path);
  if (!bundled) {
    bundled = bundleAnew(path);
    bundles.set(path, bundled);
    // what failed once may succeed another time
    bundled.catch(() => bundles.delete(path));
  }
  return bundled;
}

async function bundleAnew(path: string): Promise<string> {
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@isoact/source', 'module'],
    logLevel: 'silent',
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error('esbuild must return one file (returned none).');
  return output.text;
}

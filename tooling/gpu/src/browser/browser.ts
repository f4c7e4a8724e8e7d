/** A headless browser with WebGPU: on the machine's GPU where a browser reaches it, on the software GPU elsewhere. */
import { type Browser, chromium } from 'playwright-core';
import type { AdapterDescription } from '../adapter.ts';
import { isSoftware } from '../adapter.ts';
import { gpuChoice } from '../environment.ts';
import { browserExecutables, type Executable } from './executables.ts';
import { servePages } from './server.ts';

export interface GpuBrowser {
  readonly name: string;
  readonly version: string;
  readonly adapter: AdapterDescription;
  readonly software: boolean;
  readonly browser: Browser;
  close(): Promise<void>;
}

type Mode = 'hardware' | 'software';

const webgpuFlags = ['--no-sandbox', '--enable-unsafe-webgpu', '--ignore-gpu-blocklist', '--enable-features=Vulkan'];

const modeFlags: Readonly<Record<Mode, readonly string[]>> = {
  hardware: process.platform === 'linux' ? ['--use-angle=vulkan'] : [],
  software: [
    '--use-webgpu-adapter=swiftshader',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
  ],
};

export interface BrowserOptions {
  /** Options of V8, such as `--liftoff-only`. */
  readonly engineFlags?: readonly string[];
}

/**
 * Starts the first browser that finds an adapter.
 * @throws Error, with what each of them said, when none does.
 */
export async function openBrowser({ engineFlags = [] }: BrowserOptions = {}): Promise<GpuBrowser> {
  const failures: string[] = [];
  const executables = await browserExecutables();
  for (const mode of modes()) {
    for (const executable of executables) {
      const outcome = await tryBrowser(executable, mode, engineFlags);
      if (typeof outcome !== 'string') return outcome;
      failures.push(`${executable.name} (${mode}): ${outcome}`);
    }
  }
  const tried = failures.length > 0 ? failures.join('\n') : 'no browser is installed, and npm has none for this system';
  throw new Error(`A browser must offer WebGPU (none does).\n${tried}`);
}

function modes(): readonly Mode[] {
  const choice = gpuChoice();
  if (choice === 'hardware' || choice === 'software') return [choice];
  // Where Dawn found no hardware, neither will a browser.
  return process.env.ISOACT_GPU_KIND === 'software' ? ['software'] : ['hardware', 'software'];
}

/** The browser, or why it will not do. */
async function tryBrowser(
  executable: Executable,
  mode: Mode,
  engineFlags: readonly string[],
): Promise<GpuBrowser | string> {
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: executable.path,
      args: [
        ...webgpuFlags,
        ...modeFlags[mode],
        ...(engineFlags.length > 0 ? [`--js-flags=${engineFlags.join(' ')}`] : []),
      ],
      env: { ...definedVariables(process.env), ...executable.variables },
    });
    const adapter = await adapterOf(browser);
    if (!adapter) throw new Error('navigator.gpu has no adapter');
    const software = isSoftware(adapter);
    if (mode === 'hardware' && software) throw new Error(`only a software adapter (${adapter.description})`);
    const running = browser;
    return {
      name: executable.name,
      version: browser.version(),
      adapter,
      software,
      browser,
      close: () => running.close(),
    };
  } catch (error) {
    await browser?.close();
    return error instanceof Error ? error.message : String(error);
  }
}

async function adapterOf(browser: Browser): Promise<AdapterDescription | null> {
  // WebGPU is there in secure contexts only, which about:blank is not and 127.0.0.1 is.
  const server = await servePages({ files: { '/index.html': '<!doctype html><title>adapter</title>' } });
  const page = await browser.newPage();
  try {
    await page.goto(server.origin);
    return await page.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) return null;
      const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
      return { vendor, architecture, device, description, isFallbackAdapter };
    });
  } finally {
    await page.close();
    await server.close();
  }
}

function definedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The built page in a real browser, on whatever GPU it finds, the software one included. */
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type GpuBrowser, hasBrowser, openBrowser, type PageServer, servePages } from '@isoact-tooling/gpu/browser';
import axe from 'axe-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseReport, type Report } from '../core/report.ts';
import { sampleReport, sampleResult } from '../testing/sample-report.ts';

const few = '#activations=gelu&directions=forward&subjects=plain+JavaScript,reference,wasm';
type Page = Awaited<ReturnType<GpuBrowser['browser']['newPage']>>;

describe.skipIf(!(await hasBrowser()))('the page', () => {
  let browser: GpuBrowser;
  let server: PageServer;
  let folder: string;
  let downloads: string;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isoact-web-'));
    downloads = await mkdtemp(join(tmpdir(), 'isoact-downloads-'));
    const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
    await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    server = await servePages({ folders: { '/': folder } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    for (const each of [folder, downloads]) await rm(each, { recursive: true, force: true });
  });
  beforeEach(async () => {
    complaints.length = 0;
    page = await browser.browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const open = async (link = '') => {
    await page.goto(`${server.origin}/index.html${link}`);
    await page.waitForSelector('#devices', { timeout: 60_000 });
  };
  const idle = () => page.waitForFunction(() => !document.querySelector('progress'), undefined, { timeout: 100_000 });

  /** The result on the page, by the way that a visitor takes it away. */
  const saved = async (): Promise<Report> => {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save JSON' }).click();
    const file = join(downloads, 'saved.json');
    await (await saving).saveAs(file);
    return parseReport(await readFile(file, 'utf8'), 'saved.json');
  };

  /** What axe finds wrong with the page as it is now. */
  const violations = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations: found } = await checker.run();
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
    });
  };

  test('measures by keyboard alone, keeps the result, and saves it', async () => {
    await open(few);
    await page.getByRole('button', { name: 'Check and measure' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('progress');
    await idle();
    await page.getByRole('heading', { name: 'gelu forward' }).waitFor();
    const { results, complete } = await saved();
    expect(complete).toBe(true);
    expect(results.map(({ subject, gate }) => [subject, gate]).sort()).toEqual([
      ['plain JavaScript', 'passed'],
      ['reference', 'passed'],
      ['wasm', 'passed'],
    ]);
    await page.reload();
    await page.waitForSelector('#devices');
    expect(await page.getByLabel('Kept here').locator('option').count()).toBe(2);
  });

  test('stops, and keeps what was finished', async () => {
    await open('#activations=gelu,relu,velu,tanh&subjects=reference,wasm&run=1');
    await page.getByRole('heading', { name: 'tanh forward' }).waitFor({ timeout: 50_000 });
    await page.getByRole('button', { name: 'Stop' }).click();
    await idle();
    await page.getByRole('button', { name: 'Check and measure' }).waitFor();
    const { complete, results, missing } = await saved();
    expect(complete).toBe(false);
    expect(results.length).toBeGreaterThanOrEqual(2);
    expect(missing.map(({ subject }) => subject)).toContain('velu vjp of 32×1024');
  });

  test('a page that is hidden stops measuring', async () => {
    await open('#activations=gelu&subjects=reference,wasm&effort=full&run=1');
    await page.getByText(/round \d/).waitFor({ timeout: 60_000 });
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.getByText('The run was stopped because the page was hidden.').waitFor();
    await idle();
  });

  test('checks our backends with frameworks’ own functions beside them', { timeout: 240_000 }, async () => {
    await open('#tab=conform&activations=relu,hardSwish');
    for (const subject of ['wasm', 'tfjs-wasm', 'builtin:tfjs-wasm', 'builtin:onnxruntime-wasm']) {
      await page.getByRole('button', { name: `Check ${subject}`, exact: true }).click();
      await page.getByText(new RegExp(`^${subject}: passed, `)).waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Check all' }).waitFor();
    }
    const cells = (question: string) => page.getByRole('row', { name: question }).getByRole('cell').allTextContents();
    const relu = await cells('relu forward');
    expect(relu).toHaveLength(4);
    for (const cell of relu) expect(cell).toMatch(/^(?:exact|[A-D])/);
    // tfjs has no hardSwish of its own, and ONNX no gradients.
    expect((await cells('hardSwish forward')).map((cell) => cell === '–')).toEqual([false, false, true, false]);
    expect((await cells('hardSwish vjp')).map((cell) => cell === '–')).toEqual([false, false, true, true]);
    expect(await violations()).toEqual([]);
  });

  // Without ONNX Runtime on WebGPU, whose drivers may take the sign of a subnormal for that of 0, which the gate refuses.
  test('measures an activation of two parts on our backends', { timeout: 120_000 }, async () => {
    await open(
      '#activations=crelu&elements=1024&subjects=webgpu,wasm,tfjs-cpu,tfjs-wasm,tfjs-webgl,tfjs-webgpu,onnxruntime-wasm,reference&run=1',
    );
    await page.waitForSelector('progress');
    await idle();
    const { results } = await saved();
    expect(results.filter(({ gate }) => gate !== 'passed')).toEqual([]);
    expect(new Set(results.map(({ subject }) => subject)).size).toBe(8);
  });

  test('float16 by keyboard: what has it is measured, and what lacks it says so', { timeout: 120_000 }, async () => {
    await open(
      '#activations=gelu&directions=forward&elements=1024&subjects=webgpu,tfjs-cpu,reference,onnxruntime-wasm',
    );
    await page.getByLabel('float16', { exact: true }).focus();
    await page.keyboard.press('Space');
    await page.waitForURL((url) => url.hash.includes('dtypes=float32%2Cfloat16'));
    await page.getByRole('button', { name: 'Check and measure' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('progress');
    await idle();
    await page.getByRole('heading', { name: 'gelu forward float16' }).waitFor();
    const { complete, results, roofs } = await saved();
    expect(complete).toBe(true);
    const gates = (dtype: string) =>
      results.flatMap((row) => (row.dtype === dtype ? [[row.subject, row.gate]] : [])).sort();
    expect(gates('float32')).toEqual([
      ['onnxruntime-wasm', 'passed'],
      ['reference', 'passed'],
      ['tfjs-cpu', 'passed'],
      ['webgpu', 'passed'],
    ]);
    expect(gates('float16')).toEqual([
      ['onnxruntime-wasm', 'passed'],
      ['reference', 'unsupported: no float16'],
      ['tfjs-cpu', 'unsupported: no float16'],
      ['webgpu', 'passed'],
    ]);
    const gpuRoofs = roofs.filter(({ device }) => device.kind === 'gpu').map(({ dtype }) => dtype);
    expect(gpuRoofs).toEqual(['float32', 'float16']);
    await page.getByText('unsupported: no float16 (reference, tfjs-cpu)').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.reload();
    expect(await page.getByLabel('float16', { exact: true }).isChecked()).toBe(true);
  });

  test('works offline once it is loaded', { timeout: 120_000 }, async () => {
    await open(few);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Check and measure' }).click();
    await page.getByRole('heading', { name: 'gelu forward' }).waitFor({ timeout: 60_000 });
    await idle();
    for (const tab of ['Conformance', 'Explorer', 'Devices']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('heading', { name: tab, exact: true }).waitFor();
    }
    await page.locator('.matrix, .empty').waitFor();
    await page.getByRole('tab', { name: 'Conformance' }).click();
    await page.getByRole('button', { name: 'Check builtin:tfjs-wasm', exact: true }).click();
    await page.getByText(/^builtin:tfjs-wasm: /).waitFor({ timeout: 60_000 });
  });

  test('opens a file as text and nothing else, and compares it', async () => {
    await open();
    const file = {
      name: 'old.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(sampleReport())),
    };
    await page.getByLabel('Open a result').setInputFiles(file);
    await page.getByRole('heading', { name: 'gelu forward' }).waitFor();
    expect(await page.locator('.results img').count()).toBe(0);
    await page.getByLabel('Compare with a file').setInputFiles(file);
    await page.getByRole('heading', { name: 'Compared' }).waitFor();
    await page.getByLabel('Open a result').setInputFiles({ ...file, buffer: Buffer.from('{"schema":"x"}') });
    await page.getByText('old.json must be a result of isoact.bench/2').waitFor();
  });

  test('a link runs by itself: every kernel on the GPU is right, and has a number', { timeout: 120_000 }, async () => {
    await open(
      '#activations=gelu&directions=forward&elements=1024&subjects=webgpu,tfjs-webgpu,onnxruntime-webgpu,jax-js-webgpu&run=1',
    );
    await page.waitForSelector('progress');
    await idle();
    const { results, roofs } = await saved();
    expect(results.map(({ subject, gate }) => [subject, gate]).sort()).toEqual([
      ['jax-js-webgpu', 'passed'],
      ['onnxruntime-webgpu', 'passed'],
      ['tfjs-webgpu', 'passed'],
      ['webgpu', 'passed'],
    ]);
    for (const { device } of results) expect(device).toMatchObject({ kind: 'gpu', software: browser.software });
    const without = results.filter(({ throughput }) => !throughput);
    expect(without.map(({ subject, labels, rounds }) => [subject, labels, rounds])).toEqual([]);
    expect(roofs.map(({ device }) => device.kind)).toContain('gpu');
    for (const name of ['gelu', 'forward', '1,024', 'webgpu', 'tfjs-webgpu']) {
      expect(await page.getByLabel(name, { exact: true }).isChecked()).toBe(true);
    }
    expect(await page.getByLabel('velu', { exact: true }).isChecked()).toBe(false);
  });

  test('a run is reached by the Tab key alone', async () => {
    await open(few);
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    for (let stop = 0; stop < 90 && (await focused()) !== 'Check and measure'; stop++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('Check and measure');
    await page.keyboard.press('Enter');
    await page.waitForSelector('progress');
    await page.getByRole('button', { name: 'Stop' }).focus();
    await page.keyboard.press('Enter');
    await idle();
  });

  test('a GPU that is lost ends the run with a reason, and is looked for again', { timeout: 120_000 }, async () => {
    await open('#activations=velu&directions=vjp&elements=32768&subjects=webgpu&effort=full&run=1');
    await page.getByText(/round \d/).waitFor({ timeout: 60_000 });
    const session = await browser.browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
    await page.getByText(/The GPU was lost/).waitFor({ timeout: 60_000 });
    await page.waitForSelector('#devices', { timeout: 60_000 });
    await idle();
    // The browser says so too, and a crash is one that it may complain about.
    complaints.length = 0;
    await page.getByRole('button', { name: 'Check and measure' }).waitFor();
  });

  test('the device matrix says that it is empty, and shows a real GPU when it has one', async () => {
    await open('#tab=devices');
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    const committed = readdirSync(new URL('../../results/', import.meta.url)).some((name) => name.endsWith('.json'));
    if (!committed) await page.getByText('No result of a real GPU yet').waitFor();
    const card = { kind: 'gpu', description: 'Card of a test', software: false } as const;
    const results = [
      sampleResult({ subject: 'webgpu', device: card, callMs: 1 }),
      sampleResult({ subject: 'tfjs-webgpu composed', device: card, callMs: 4, kind: 'peer' }),
    ];
    await page.evaluate(
      (text) => localStorage.setItem('isoact.bench.results', JSON.stringify([text])),
      JSON.stringify({ ...sampleReport(), results, comparisons: [] }),
    );
    await page.reload();
    await page.getByRole('button', { name: 'Card of a test' }).click();
    await page.getByRole('heading', { name: 'gelu forward' }).waitFor();
  });

  test('weighs at most 1.5 MB without WebAssembly, which is loaded on demand', async () => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    let bytes = 0;
    for (const file of files) {
      if (!file.isFile() || file.name.endsWith('.wasm')) continue;
      bytes += gzipSync(await readFile(join(file.parentPath, file.name)), { level: 9 }).length;
    }
    expect(bytes).toBeGreaterThan(1e5);
    expect(bytes).toBeLessThan(1.5e6);
  });

  test('says in red that a software adapter is software', async () => {
    await open();
    expect(await page.locator('.banner.bad').count()).toBe(browser.software ? 1 : 0);
  });

  test('a link restores the explorer', async () => {
    await open('#tab=explore&explored=elu&parameters=alpha:0.5');
    expect(await page.getByLabel('Activation').inputValue()).toBe('elu');
    expect(await page.locator('.slider output').nth(1).textContent()).toBe('0.500');
    await page.locator('.curve .line path').first().waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('tab', { name: 'Explorer' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('heading', { name: 'Conformance' }).waitFor();
    // the link follows the state at the browser's leisure
    await page.waitForURL((url) => url.hash.includes('tab=conform'));
  });

  test.each([
    ['light', 360],
    ['light', 1440],
    ['dark', 360],
    ['dark', 1440],
  ] as const)('is accessible and fits, %s at %i pixels', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await open();
    await page.getByLabel('Open a result').setInputFiles({
      name: 'old.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(sampleReport())),
    });
    await page.getByRole('heading', { name: 'gelu forward' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await violations()).toEqual([]);
    for (const tab of ['Conformance', 'Explorer', 'Devices']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('heading', { name: tab, exact: true }).waitFor();
      if (tab === 'Explorer')
        await page.locator('.figures g[aria-label="line"] path').first().waitFor({ state: 'attached' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(await violations(), tab).toEqual([]);
    }
  });
});

/** The built page in a real browser, on whatever GPU it finds, the software one included. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GpuBrowser, hasBrowser, openBrowser, type PageServer, servePages } from '@isoact-tooling/gpu/browser';
import axe from 'axe-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseReport } from '../core/report.ts';
import { sampleReport } from '../testing/sample-report.ts';

const few = '#activations=gelu&directions=forward&subjects=plain+JavaScript,reference,wasm';
type Page = Awaited<ReturnType<GpuBrowser['browser']['newPage']>>;

describe.skipIf(!(await hasBrowser()))('the page', () => {
  let browser: GpuBrowser;
  let server: PageServer;
  let folder: string;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isoact-web-'));
    const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
    await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    server = await servePages({ folders: { '/': folder } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
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

  test('measures by keyboard alone, keeps the result, and saves it', async () => {
    await open(few);
    await page.getByRole('button', { name: 'Check and measure' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('progress');
    await idle();
    await page.getByRole('heading', { name: 'gelu forward' }).waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save JSON' }).click();
    const file = join(folder, 'saved.json');
    await (await saving).saveAs(file);
    const { results, complete } = parseReport(await readFile(file, 'utf8'), 'saved.json');
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
    await open('#activations=gelu,relu&directions=forward&subjects=reference&effort=full&run=1');
    await page.getByRole('button', { name: 'Stop' }).click();
    await idle();
    await page.getByRole('button', { name: 'Check and measure' }).waitFor();
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
    await page.getByText('old.json must be a result of isoact.bench/1').waitFor();
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
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations: found } = await checker.run();
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
    });
    expect(violations).toEqual([]);
  });
});

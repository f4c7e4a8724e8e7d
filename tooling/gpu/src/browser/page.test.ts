import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GpuBrowser, openBrowser } from './browser.ts';
import { hasBrowser } from './executables.ts';
import { type ModulePage, openModulePage } from './page.ts';

describe.skipIf(!(await hasBrowser()))('a page', () => {
  let browser: GpuBrowser;
  let page: ModulePage;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await openModulePage(browser, { entry: new URL('./fixtures/doubling.ts', import.meta.url) });
  });

  afterAll(async () => {
    await page?.close();
    await browser?.close();
  });

  test('computes on WebGPU', async () => {
    expect(await page.call('double', [1, 2.5, -3])).toEqual([2, 5, -6]);
  });

  test('has WebGL 2 with float textures', async () => {
    expect(await page.call('hasWebgl2')).toBe(true);
  });

  test('is cross-origin isolated, so wasm may share memory', async () => {
    expect(await page.call('isIsolated')).toBe(true);
  });

  test('reports an export that is not there', async () => {
    await expect(page.call('triple')).rejects.toThrow('triple must be an export');
  });

  test('reports why its module does not load', async () => {
    const entry = new URL('./fixtures/throwing.ts', import.meta.url);
    await expect(openModulePage(browser, { entry })).rejects.toThrow('this module never loads');
  });
});

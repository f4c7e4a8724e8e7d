import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GpuBrowser, openBrowser } from './browser.ts';
import { type ModulePage, openModulePage } from './page.ts';

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

test('a page computes on WebGPU', async () => {
  expect(await page.call('double', [1, 2.5, -3])).toEqual([2, 5, -6]);
});

test('a page has WebGL 2 with float textures', async () => {
  expect(await page.call('hasWebgl2')).toBe(true);
});

test('a page is cross-origin isolated, so wasm may share memory', async () => {
  expect(await page.call('isIsolated')).toBe(true);
});

test('the server gives out nothing beside what it was given', async () => {
  expect((await fetch(`${page.origin}/../package.json`)).status).toBe(404);
  expect((await fetch(`${page.origin}/missing.js`)).status).toBe(404);
});

/** ONNX Runtime in a browser: its build for WebAssembly, and its native WebGPU provider. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GpuBrowser, hasBrowser, type ModulePage, openBrowser, openModulePage } from '@isoact-tooling/gpu/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageReport, PageRequest } from './testing/browser-page.ts';

/** On a software GPU each node of each new shape takes a while, so these look at values and not at shapes. */
const values = ['lattice', 'breakpoints', 'overflow', 'cancellation', 'tails'] as const;

/**
 * Each kind of node: arithmetic, library functions, parameters, counts. What a build for WebAssembly computes it
 * computes in Node too, where the whole suite looks at it.
 */
const requests: readonly PageRequest[] = [
  { provider: 'wasm', form: 'accurate', activations: ['prelu', 'adaRelu'] },
  { provider: 'wasm', form: 'accurate', activations: ['gelu', 'velu'], groups: values },
  { provider: 'wasm', form: 'native', activations: ['sigmoid', 'gelu'], groups: values },
  { provider: 'webgpu', form: 'accurate', activations: ['relu', 'gelu', 'adaRelu'], groups: values },
  { provider: 'webgpu', form: 'native', activations: ['elu', 'gelu'], groups: values },
  // calls at the same time, among others: on this build two of them at once would never end
  { provider: 'webgpu', form: 'accurate', activations: ['relu'], groups: ['integrity'] },
];

describe.skipIf(!(await hasBrowser()))('in a browser', () => {
  let browser: GpuBrowser;
  let page: ModulePage;
  beforeAll(async () => {
    const folder = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')));
    browser = await openBrowser();
    page = await openModulePage(browser, {
      entry: new URL('./testing/browser-page.ts', import.meta.url),
      folders: { '/onnxruntime/': folder },
    });
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
  });

  test.each(requests)('$provider $form owes its grade for $activations', { timeout: 300_000 }, async (request) => {
    const report = (await page.call('conform', request)) as PageReport;
    expect(report.failures).toEqual([]);
    expect(report.verdicts).toEqual([]);
    expect(report.values).toBeGreaterThan(1000);
  });

  test('computes on buffers of a device that the page owns', async () => {
    expect(await page.call('shareDevice')).toEqual({ difference: 0, errors: [] });
  });

  test('says what a browser must be given', async () => {
    expect(await page.call('withoutRuntime')).toBe(
      "UnavailableError: the option runtime must be given in a browser (was undefined). Pass runtime: await import('onnxruntime-web/webgpu').",
    );
  });
});

/** The kernels in a browser, alone and between the operations of other runtimes. */
import { createReferenceBackend, velu } from '@isoact/core';
import { type GpuBrowser, hasBrowser, type ModulePage, openBrowser, openModulePage } from '@isoact-tooling/gpu/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageReport } from './testing/browser-page.ts';

describe.skipIf(!(await hasBrowser()))('in a browser', () => {
  let browser: GpuBrowser;
  let page: ModulePage;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await openModulePage(browser, {
      entry: new URL('./testing/browser-page.ts', import.meta.url),
      folders: {
        '/onnxruntime/': decodeURIComponent(new URL('.', import.meta.resolve('onnxruntime-web/webgpu')).pathname),
      },
    });
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
  });

  const shape: [number, number] = [2, 6];
  const values = [-3, -2, -1, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];
  const veluOf = async (x: readonly number[]): Promise<number[]> => {
    const compiled = await createReferenceBackend().compile(velu(), { shape, dtype: 'float64' });
    return [...(await compiled.forward({ x: Float64Array.from(x) })).y];
  };

  test('owes grade B', { timeout: 300_000 }, async () => {
    const report = (await page.call('conform', {
      activations: ['relu', 'gelu', 'adaRelu'],
      dtypes: ['float32'],
    })) as PageReport;
    expect(report.problems).toEqual([]);
    expect(report.values).toBeGreaterThan(10_000);
  });

  test('a kernel between tfjs operations', async () => {
    const wanted = (await veluOf(values.map((value) => 2 * value))).reduce((total, value) => total + value, 0);
    expect(await page.call('sumOfVelu', values, shape)).toBeCloseTo(wanted, 4);
  });

  test('a kernel between ONNX Runtime sessions', { timeout: 120_000 }, async () => {
    const wanted = (await veluOf(values.map((value) => Math.max(value, 0)))).map((value) => Math.max(value, 0));
    const got = (await page.call('veluAfterSession', values, shape)) as number[];
    for (const [index, value] of wanted.entries()) expect(got[index]).toBeCloseTo(value, 5);
  });
});

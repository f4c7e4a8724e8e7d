/** The suite in a browser: WebGL, which Node lacks, and WebGPU as browsers have it. */
import { type GpuBrowser, hasBrowser, type ModulePage, openBrowser, openModulePage } from '@isoact-tooling/gpu/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageReport, PageRequest } from './testing/browser-page.ts';
import type { TrainingMemory } from './testing/training-memory.ts';

/** Each kind of kernel: maps, library functions, parameters per channel, counts, moments and penalties. */
const requests: readonly PageRequest[] = [
  {
    backend: 'webgl',
    activations: ['relu', 'crelu', 'rrelu', 'prelu', 'swish', 'gelu', 'softplus', 'mish', 'adaRelu'],
  },
  { backend: 'webgl', activations: ['velu'], groups: ['breakpoints', 'layout', 'statistics'] },
  { backend: 'webgpu', activations: ['prelu', 'gelu', 'adaRelu'] },
];

describe.skipIf(!(await hasBrowser()))('in a browser', () => {
  let browser: GpuBrowser;
  let page: ModulePage;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await openModulePage(browser, { entry: new URL('./testing/browser-page.ts', import.meta.url) });
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
  });

  test.each(requests)('tfjs-$backend owes grade B for $activations', { timeout: 300_000 }, async (request) => {
    const report = (await page.call('conform', request)) as PageReport;
    expect(report.failures).toEqual([]);
    expect(report.verdicts).toEqual([]);
    expect(report.values).toBeGreaterThan(10_000);
  });

  test('a thousand training steps hold what the first ones held, on webgl', { timeout: 300_000 }, async () => {
    const { before, after, losses } = (await page.call('trainingMemory', 'webgl', 1000)) as TrainingMemory;
    expect(losses[1]).toBeLessThan(losses[0]);
    for (const name of ['numTensors', 'numBytes', 'numDataBuffers', 'numBytesInGPU', 'numBytesInGPUAllocated']) {
      expect(before[name], name).toBeGreaterThan(0);
      expect(after[name], name).toBe(before[name]);
    }
  });

  // softsign, which no request asks
  test('on webgl an activation has one program for each rank, whatever the lengths, and its gradient another', async () => {
    expect(await page.call('webglPrograms', [[10], [1000], [77], [5000]])).toBe(2);
    expect(
      await page.call('webglPrograms', [
        [5, 67],
        [64, 3],
        [129, 1025],
      ]),
    ).toBe(2);
    expect(await page.call('webglPrograms', [[2, 3, 4], [33], [7, 9], [8, 28, 28]])).toBe(2);
    // more axes than tfjs's programs know: a vector again
    expect(await page.call('webglPrograms', [[2, 1, 2, 3, 1, 2, 2]])).toBe(2);
  });

  test('tfjs trains through webgl', async () => {
    expect(await page.call('train', 'webgl')).toBeLessThan(0.2);
  });
});

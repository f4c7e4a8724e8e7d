/** The kernels in a browser, whose engine has relaxed SIMD, under Content-Security-Policies, and in shared memory. */
import { readFile } from 'node:fs/promises';
import { velu } from '@isoact/core';
import { precompile } from '@isoact/wasm/precompile';
import { type GpuBrowser, hasBrowser, type ModulePage, openBrowser, openModulePage } from '@isoact-tooling/gpu/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const golden = {
  x: [-2, -1, 0, 1, 2],
  y: [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498],
};

/** What a bundler would put beside the page's script, and a module that was made ahead of time. */
const filesBeside = async (): Promise<Record<string, string | Uint8Array>> => ({
  '/velu.wasm': precompile(velu(), { shape: [2, 3], dtype: 'float32' }),
  ...Object.fromEntries(
    await Promise.all(
      ['worker.js', 'run-blocks.js'].map(async (name) => [
        `/${name}`,
        await readFile(new URL(`./threads/${name}`, import.meta.url), 'utf8'),
      ]),
    ),
  ),
});

describe.skipIf(!(await hasBrowser()))('in a browser', () => {
  let browser: GpuBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  /** Runs a test on a page with this policy for scripts. */
  async function withPage(policy: string | null, use: (page: ModulePage) => Promise<void>): Promise<void> {
    const page = await openModulePage(browser, {
      entry: new URL('./testing/browser-page.ts', import.meta.url),
      headers: policy === null ? {} : { 'Content-Security-Policy': `default-src 'self'; script-src ${policy}` },
      files: await filesBeside(),
    });
    try {
      await use(page);
    } finally {
      await page.close();
    }
  }

  test('owes grade B, with fused products too', { timeout: 300_000 }, async () => {
    await withPage(null, async (page) => {
      expect(await page.call('hasRelaxedSimd')).toBe(true);
      const report = await page.call('conform', ['relu', 'elu', 'swish', 'gelu', 'velu', 'adaRelu'], 'generated');
      expect(report).toMatchObject({ problems: [] });
      expect((report as { values: number }).values).toBeGreaterThan(100_000);
      expect(await page.call('conform', ['gelu', 'velu'], 'precompiled')).toMatchObject({ problems: [] });
    });
  });

  test("works where scripts may be 'wasm-unsafe-eval'", async () => {
    await withPage("'self' 'wasm-unsafe-eval'", async (page) => {
      const result = (await page.call('tryVelu', golden.x)) as { y: number[] };
      for (const [index, value] of golden.y.entries()) expect(result.y[index]).toBeCloseTo(value, 6);
    });
  });

  test('says what to do where they may not', async () => {
    await withPage("'self'", async (page) => {
      expect(await page.call('tryVelu', golden.x)).toEqual({
        error: expect.stringMatching(
          /^CodeGenerationError: WebAssembly must be allowed by the Content-Security-Policy .*createReferenceBackend/,
        ),
      });
    });
  });

  test('streams a precompiled module where that is allowed, which is the same permission', async () => {
    await withPage("'self' 'wasm-unsafe-eval'", async (page) => {
      const { y } = (await page.call('tryPrecompiled', golden.x, '/velu.wasm')) as { y: number[] };
      for (const [index, value] of golden.y.entries()) expect(y[index]).toBeCloseTo(value, 6);
    });
    await withPage("'self'", async (page) => {
      const refused = { error: expect.stringContaining('Content Security Policy') };
      expect(await page.call('tryPrecompiled', golden.x, '/velu.wasm')).toEqual(refused);
    });
  });

  test('runs in shared memory', async () => {
    await withPage(null, async (page) => {
      const got = (await page.call('geluInSharedMemory', [-1, 0, 1])) as number[];
      for (const [index, value] of [-0.15865525393, 0, 0.84134474607].entries())
        expect(got[index]).toBeCloseTo(value, 6);
    });
  });

  test('shares tensors among workers, under a strict policy too', { timeout: 200_000 }, async () => {
    await withPage("'self' 'wasm-unsafe-eval'", async (page) => {
      expect(await page.call('threadsAgree')).toBe(true);
      expect(await page.call('conform', ['gelu'], 'threads')).toMatchObject({ problems: [] });
    });
  });
});

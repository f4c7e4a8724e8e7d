/** The build for a script tag, in a page that forbids generated code. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type GpuBrowser, hasBrowser, openBrowser, type PageServer, servePages } from '@isoact-tooling/gpu/browser';
import { build } from 'tsdown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { script } from '../tsdown.script.ts';

const outDir = '.cache/script';

describe.skipIf(!(await hasBrowser()))('a page with two script tags', () => {
  let browser: GpuBrowser;
  let server: PageServer;
  beforeAll(async () => {
    await build({ ...script, outDir, config: false });
    const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
    const bundle = await readFile(`${outDir}/isoact-tfjs.js`, 'utf8');
    expect(bundle).not.toContain('_tfengine'); // where tfjs-core keeps its one engine: there is no copy of it inside
    server = await servePages({
      headers: { 'Content-Security-Policy': "default-src 'self'" },
      files: {
        '/index.html':
          '<!doctype html><title>tfjs</title><script src="/tf.js"></script><script src="/isoact.js"></script>',
        '/tf.js': await readFile(tfjs.replace(/tf\.node\.js$/, 'tf.es2017.min.js')),
        '/isoact.js': await readFile(`${outDir}/isoact-tfjs.js`),
      },
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.each(['cpu', 'webgl'])('computes and saves on %s', async (backend) => {
    const page = await browser.browser.newPage();
    const messages: string[] = [];
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(server.origin);
    expect(messages).toEqual([]);
    // text, for the names are those of the page
    const values = await page.evaluate(`(async () => {
      tf.env().set('PROD', true);
      await tf.setBackend('${backend}');
      const x = tf.tensor2d([[-2, -1, 0, 1, 2]]);
      const y = await isoactTfjs.velu(x).data();
      const slope = await tf.grad((t) => isoactTfjs.velu(t))(x).data();
      const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [5] }), new isoactTfjs.VeluLayer()] });
      const loaded = await tf.models.modelFromJSON(model.toJSON(null, false));
      return [...y, ...slope, ...await loaded.predict(x).data()];
    })()`);
    const z = [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498];
    const slopes = [0.507563714486, 0.51779439807, 0.528122029847, 0.538449661624, 0.548680345209];
    expect(messages).toEqual([]);
    for (const [k, value] of (values as number[]).entries()) {
      expect(value).toBeCloseTo([...z, ...slopes, ...z][k] as number, 5);
    }
    await page.close();
  });
});

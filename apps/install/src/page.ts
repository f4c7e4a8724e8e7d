/** A sample's page in a browser, and what it printed there. */
import { type GpuBrowser, servePages } from '@isoact-tooling/gpu/browser';

const patience = 60_000;

/**
 * Resolves to what the page wrote to its console, one line a call, and into its `output` elements.
 * @throws Error when it left an error uncaught, or printed nothing within a minute.
 */
export async function printedBy(browser: GpuBrowser, site: string): Promise<string> {
  // As most hosts do it: without the headers that isolate a page, and so without threads of WebAssembly.
  const headers = { 'Cross-Origin-Opener-Policy': 'unsafe-none', 'Cross-Origin-Embedder-Policy': 'unsafe-none' };
  const server = await servePages({ folders: { '/': site }, headers });
  const page = await browser.browser.newPage();
  const failures: string[] = [];
  try {
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('requestfailed', (request) => failures.push(`${request.url()}: ${request.failure()?.errorText}`));
    // Typed arrays are printed without their numbers otherwise.
    await page.addInitScript(() => {
      const printed: string[] = [];
      Object.assign(globalThis, { printed });
      console.log = (...values: readonly unknown[]) =>
        printed.push(
          values
            .map((value) => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array).join(', ') : String(value)))
            .join(' '),
        );
    });
    await page.goto(server.origin);
    const printed = () =>
      page.evaluate(() => [
        ...(globalThis as unknown as { printed: string[] }).printed,
        ...[...document.querySelectorAll('output')]
          .map(({ textContent }) => textContent ?? '')
          .filter((text) => text !== '…'),
      ]);
    const until = Date.now() + patience;
    let before = '';
    while (Date.now() < until && failures.length === 0) {
      const lines = await printed();
      // A sample may print several times: it has ended when nothing more comes.
      const now = lines.join('\n');
      if (now && now === before) return now;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(
      failures.length > 0 ? failures.join('\n') : 'The page must print something within a minute (did not).',
    );
  } finally {
    await page.close();
    await server.close();
  }
}

import { openBrowser, servePages } from './browser/index.ts';
const { browser, close, adapter } = await openBrowser();
const server = await servePages({ folders: { '/': '/work/wt/bench/apps/bench/dist/web/' } });
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
page.on('console', (m) => console.log(m.type(), m.text()));
page.on('pageerror', (e) => console.log('uncaught', e.message));
page.on('requestfailed', (r) => console.log('failed', r.url()));
await page.goto(server.origin + '/index.html' + (process.argv[2] ?? ''));
await page.waitForSelector('#devices', { timeout: 60000 });
console.log(await page.innerText('section[aria-labelledby=devices]'));
await page.screenshot({ path: '/tmp/web-1.png' });
await page.getByRole('button', { name: 'Check and measure' }).click();
const t = Date.now();
for (;;) { await page.waitForTimeout(5000); const p = await page.innerText('.progress').catch(()=> ''); console.log(((Date.now()-t)/1000).toFixed(0), p.replace(/\n/g,' ')); if (!p.trim() || Date.now()-t > 150000) break; }
await page.screenshot({ path: '/tmp/web-2.png', fullPage: true });
await close(); await server.close(); process.exit();

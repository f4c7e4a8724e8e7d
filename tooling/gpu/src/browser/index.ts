/** Browsers with WebGPU, and pages in them. */
export { type GpuBrowser, openBrowser } from './browser.ts';
export { hasBrowser } from './executables.ts';
export { type ModulePage, openModulePage, type PageOptions } from './page.ts';
export { type PageServer, type Served, servePages } from './server.ts';

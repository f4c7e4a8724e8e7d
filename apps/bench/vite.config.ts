/** The web page of the benchmark: a static build that works from any folder. */
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Adapters look for these in Node only. */
const nodeOnly = here('./src/web/node-only.ts');

export default defineConfig({
  root: here('./web'),
  base: './',
  resolve: {
    conditions: ['@isoact/source', ...defaultClientConditions],
    alias: [
      { find: /^(?:webgpu|onnxruntime-node|linkedom)$/, replacement: nodeOnly },
      // The page names the builds that it wants.
      { find: /^onnxruntime-web$/, replacement: nodeOnly },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // tfjs's WebAssembly backend starts its threads from the text of one of its functions, which minifying breaks.
  worker: { format: 'es', rolldownOptions: { output: { minify: false } } },
  build: { outDir: here('./dist/web'), emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4000 },
  // With these a page is cross-origin isolated: precise timers, and threads of WebAssembly.
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    fs: { allow: [here('../..')] },
  },
});

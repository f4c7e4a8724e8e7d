/** The site: pages from `docs/`, the reference that TypeDoc writes there, and the explorer. */
import { fileURLToPath } from 'node:url';
import { katex } from '@mdit/plugin-katex';
import { defineConfig } from 'vitepress';
import { referencePages } from '../../src/site/reference-pages.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const modules = here('../../node_modules');

export default defineConfig({
  title: 'isoact',
  description: 'Activation functions for JavaScript: the same answer on every backend.',
  lang: 'en',
  srcDir: here('../../../../docs'),
  outDir: here('../../dist'),
  cacheDir: here('../../.cache/vitepress'),
  // Works from any folder of any host.
  base: process.env.ISOACT_DOCS_BASE ?? '/',
  cleanUrls: false,
  metaChunk: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    // As GitHub and TypeDoc make them, so that a link into a page holds in both places.
    anchor: {
      slugify: (heading) =>
        heading
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(/\s/g, '-'),
    },
    config: (md) => {
      // Its types are of a markdown-it some releases before VitePress's.
      const plugin = katex as unknown as (parser: typeof md, options: Parameters<typeof katex>[1]) => void;
      md.use(plugin, { mathFence: true, output: 'htmlAndMathml', throwOnError: true });
    },
  },
  vite: {
    resolve: {
      conditions: ['@isoact/source'],
      // The pages lie outside of this package, where these would not be found.
      alias: [
        { find: /^vue$/, replacement: `${modules}/vue` },
        { find: /^vue\/server-renderer$/, replacement: `${modules}/vue/server-renderer` },
      ],
    },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    server: { fs: { allow: [here('../../../..')] } },
    build: { chunkSizeWarningLimit: 1500 },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: '/guides/pick-your-backend', activeMatch: '/guides/' },
      { text: 'Explorer', link: '/explorer/' },
      { text: 'Mathematics', link: '/mathematics' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
    ],
    sidebar: [
      {
        text: 'Guides',
        items: [
          { text: 'Pick your backend', link: '/guides/pick-your-backend' },
          { text: 'Train with VeLU in TensorFlow.js', link: '/guides/train-with-velu' },
          { text: 'Put AdaReLU into an ONNX model', link: '/guides/adarelu-in-onnx' },
          { text: 'Write your own activation', link: '/guides/your-own-activation' },
          { text: 'Test your own backend', link: '/guides/your-own-backend' },
          { text: 'Read the benchmark', link: '/guides/read-the-benchmark' },
        ],
      },
      {
        text: 'Functions',
        items: [
          { text: 'Explorer', link: '/explorer/' },
          { text: 'The mathematics', link: '/mathematics' },
          { text: 'What your framework returns', link: '/frameworks' },
        ],
      },
      { text: 'Reference', collapsed: false, items: referencePages() },
    ],
  },
});

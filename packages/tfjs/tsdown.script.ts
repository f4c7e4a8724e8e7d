import { defineConfig } from 'tsdown';

/** The one build for a script tag: tfjs is the page's global `tf`, everything else is inside. */
export const script = defineConfig({
  entry: { 'isoact-tfjs': 'src/script.ts' },
  outDir: 'dist/script',
  format: 'iife',
  globalName: 'isoactTfjs',
  platform: 'browser',
  target: 'es2022',
  inputOptions: { resolve: { conditionNames: ['@isoact/source', 'import', 'default'] } },
  noExternal: [/^@isoact\//],
  external: [/^@tensorflow\//],
  outputOptions: {
    globals: { '@tensorflow/tfjs-core': 'tf', '@tensorflow/tfjs-layers': 'tf' },
    entryFileNames: '[name].js',
  },
  minify: true,
  dts: false,
  clean: false,
  logLevel: 'warn',
  sourcemap: true,
});

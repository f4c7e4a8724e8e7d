/**
 * Our operations for TensorFlow.js beside the same functions composed of its operations, per backend and direction: one run,
 * in turns, with the ratio of both. WebGL is measured in a browser, the others in Node.
 *
 *     pnpm --filter @isoact-apps/bench tfjs                     # 2^20 and 2^22 elements, rows of 1024
 *     pnpm --filter @isoact-apps/bench tfjs velu --backends wasm,webgpu --sizes 20
 */
import { parseArgs } from 'node:util';
import type { catalogue } from '@isoact/core';
import { openBrowser, openModulePage } from '@isoact-tooling/gpu/browser';
import type { TfjsBackend } from '../backends/tfjs-runtime.ts';
import type { Direction } from '../core/candidate.ts';
import { type Duel, type DuelResult, duel } from './duel.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backends: { type: 'string', default: 'cpu,wasm,webgl,webgpu' },
    directions: { type: 'string', default: 'forward,vjp' },
    sizes: { type: 'string', default: '20,22' },
    /** Seconds for each comparison, three rounds at least. */
    seconds: { type: 'string', default: '2' },
  },
});
const named = positionals.length > 0 ? positionals : ['velu', 'adaRelu', 'gelu', 'swish'];

type Runner = { readonly run: (question: Duel) => Promise<DuelResult | string>; readonly close: () => Promise<void> };

const inNode: Runner = { run: duel, close: async () => {} };

async function inBrowser(): Promise<Runner> {
  const browser = await openBrowser();
  const page = await openModulePage(browser, { entry: new URL('./duel.ts', import.meta.url) });
  return {
    run: (question) => page.call('duel', question) as Promise<DuelResult | string>,
    close: async () => {
      await page.close();
      await browser.close();
    },
  };
}

process.stdout.write(
  'backend  size   activation  direction  fused      composed   ratio  of least  (ns per element)\n',
);
for (const backend of options.backends.split(',') as TfjsBackend[]) {
  const runner = backend === 'webgl' ? await inBrowser() : inNode;
  let device = '';
  for (const exponent of options.sizes.split(',')) {
    for (const activation of named as (keyof typeof catalogue)[]) {
      for (const direction of options.directions.split(',') as Direction[]) {
        const length = 2 ** Number(exponent);
        const result = await runner.run({
          backend,
          activation,
          direction,
          length,
          budget: 1e3 * Number(options.seconds),
        });
        const start = [backend.padEnd(8), `2^${exponent}`.padEnd(6), activation.padEnd(11), direction.padEnd(10)];
        if (typeof result === 'string') {
          process.stdout.write(`${start.join(' ')} ${result}\n`);
          continue;
        }
        const { fused, composed, ratio, leastRatio, rounds } = result;
        device = result.device;
        const numbers = [fused.toFixed(2), composed.toFixed(2), ratio.toFixed(2), leastRatio.toFixed(2)];
        const cells = numbers.map((text, k) => text.padEnd([10, 10, 6, 9][k] as number));
        process.stdout.write(`${start.join(' ')} ${cells.join(' ')} ${rounds} rounds\n`);
      }
    }
  }
  process.stdout.write(`         ${backend} on ${device}\n`);
  await runner.close();
}
// Dawn and wasm keep a process alive
process.exit(0);

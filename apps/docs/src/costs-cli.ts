/** Entry of `pnpm costs [--json]`. */
import { createBackend } from '@isoact/wasm';
import { costText, measureCosts } from './costs.ts';

const costs = await measureCosts(createBackend({ relaxed: false }), (name) => process.stderr.write(`${name} `));
process.stderr.write('\n');
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(costs, null, 2)}\n` : costText(costs));

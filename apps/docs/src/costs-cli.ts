/** Entry of `pnpm costs [--json]`. */
import { createBackend } from '@isoact/wasm';
import { costText, measureCosts } from './costs.ts';

const costs = await measureCosts(await createBackend(), (name) => process.stderr.write(`${name} `));
process.stderr.write('\n');
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(costs, null, 2)}\n` : costText(costs));

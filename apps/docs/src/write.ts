/** Writes the generated pages under `docs/`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createBackend } from '@isoact/wasm';
import { costsPage, measureCosts } from './costs.ts';
import { docsFolder } from './folder.ts';
import { mathematicsPage } from './mathematics.ts';

const costs = costsPage(await measureCosts(createBackend({ relaxed: false }), () => {}));
for (const [name, text] of [...(await mathematicsPage()), ['costs.md', costs] as const]) {
  const file = new URL(name, docsFolder);
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}

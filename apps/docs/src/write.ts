/** Writes the generated pages under `docs/`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { docsFolder } from './folder.ts';
import { mathematicsPage } from './mathematics.ts';

for (const [name, text] of await mathematicsPage()) {
  const file = new URL(name, docsFolder);
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}

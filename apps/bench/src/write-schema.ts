/** `pnpm schema`: writes the published schemas after a change of the types that they come from. */
import { writeFileSync } from 'node:fs';
import { jsonSchemas } from './core/report.ts';

for (const [name, schema] of Object.entries(jsonSchemas())) {
  const file = new URL(`../schema/${name.replace('/', '.')}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}

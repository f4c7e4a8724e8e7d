/** `pnpm schema`: writes the published schema after a change of the types that it comes from. */
import { writeFileSync } from 'node:fs';
import { jsonSchema } from './core/report.ts';

writeFileSync(new URL('../schema/isoact.bench.1.json', import.meta.url), `${JSON.stringify(jsonSchema(), null, 2)}\n`);

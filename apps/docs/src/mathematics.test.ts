import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { docsFolder } from './folder.ts';
import { mathematicsPage } from './mathematics.ts';

test('the page of mathematics says what the definitions say (else: pnpm --filter @isoact/docs write)', async () => {
  for (const [name, text] of await mathematicsPage()) {
    expect(readFileSync(new URL(name, docsFolder), 'utf8'), name).toBe(text);
  }
});

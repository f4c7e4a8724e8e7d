import { readFileSync } from 'node:fs';
import { catalogue, createReference } from '@isoact/core';
import { expect, test } from 'vitest';
import { closed } from './closed.ts';
import { docsFolder } from './folder.ts';
import { mathematicsPage } from './mathematics.ts';
import type { ActivationName } from './notes.ts';

test.each(Object.entries(closed))('the gradient of %s as it is written by hand', (name, { slope }) => {
  const activation = catalogue[name as ActivationName]();
  const { vjp } = createReference(activation, { shape: [1] });
  for (const x of [-11, -4, -2.5, -0.3, 0.01, 1.5, 2.9, 5, 12]) {
    const { x: gradient } = vjp({ x: [x], upstream: { y: [1] } });
    expect(gradient[0], `at ${x}`).toBeCloseTo(slope(x), 11);
  }
});

test('the page of mathematics says what the definitions say (else: pnpm --filter @isoact/docs write)', () => {
  for (const [name, text] of mathematicsPage()) {
    expect(readFileSync(new URL(name, docsFolder), 'utf8'), name).toBe(text);
  }
});

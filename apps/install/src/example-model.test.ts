import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exampleModel, exampleModelFile } from './example-model.ts';

test('the model of the example is the one that is made here', () => {
  expect(new Uint8Array(readFileSync(exampleModelFile))).toEqual(exampleModel());
});

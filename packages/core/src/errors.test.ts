import { expect, test } from 'vitest';
import * as errors from './errors.ts';

const classes = Object.entries(errors).filter(([name]) => name.endsWith('Error')) as [string, new () => Error][];

test.each(classes)('%s carries its name as text, which minifying leaves alone', (name, Class) => {
  // What a minifier makes of it.
  const renamed = { e: class extends Class {} };
  expect([new Class().name, new renamed.e().name]).toEqual([name, name]);
});

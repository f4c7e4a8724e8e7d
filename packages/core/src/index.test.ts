import { expect, test } from 'vitest';
import { packageName } from './index.ts';

test('the package has a door', () => {
  expect(packageName).toBe('@isoact/core');
});

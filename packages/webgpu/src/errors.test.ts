import { DeviceError } from '@isoact/core';
import { expect, test } from 'vitest';
import { guarded } from './errors.ts';

/** A device whose error scopes report what they are told to. */
function failing(filter: GPUErrorFilter | null): GPUDevice {
  const scopes: GPUErrorFilter[] = [];
  const device: Pick<GPUDevice, 'pushErrorScope' | 'popErrorScope' | 'lost'> = {
    lost: new Promise(() => {}),
    pushErrorScope(each) {
      scopes.push(each);
      return undefined;
    },
    popErrorScope: async () => (scopes.pop() === filter ? { message: 'no more of it' } : null),
  };
  return device as GPUDevice; // all that guarded looks at
}

test.each([
  ['out-of-memory', /velu must run on the device \(was refused, out-of-memory: no more of it\)\. Use a smaller tensor/],
  ['validation', /was refused, validation/],
  ['internal', /was refused, internal.*driver/],
] as const)('an error of kind %s reaches the caller as a DeviceError', async (filter, message) => {
  const failure = guarded(failing(filter), 'velu', () => 1);
  await expect(failure).rejects.toThrow(DeviceError);
  await expect(guarded(failing(filter), 'velu', () => 1)).rejects.toThrow(message);
});

test('work without errors gives its result', async () => {
  expect(await guarded(failing(null), 'velu', async () => 7)).toBe(7);
});

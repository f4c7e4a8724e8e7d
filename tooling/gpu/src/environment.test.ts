import { expect, test } from 'vitest';
import { type AdapterDescription, isSoftware } from './adapter.ts';
import { gpuChoice, gpuKind } from './environment.ts';

test('the choice is automatic until ISOACT_GPU says otherwise', () => {
  expect(gpuChoice({})).toBe('auto');
  expect(gpuChoice({ ISOACT_GPU: '' })).toBe('auto');
  expect(gpuChoice({ ISOACT_GPU: 'software' })).toBe('software');
  expect(() => gpuChoice({ ISOACT_GPU: 'cuda' })).toThrow('auto, hardware, software, none (was cuda)');
});

test('a process that the launcher did not start has no kind of GPU', () => {
  expect(gpuKind({ ISOACT_GPU_KIND: 'hardware' })).toBe('hardware');
  expect(() => gpuKind({})).toThrow('pnpm gpu');
});

test('software adapters are known by their fallback mark or their name', () => {
  const card: AdapterDescription = {
    vendor: 'nvidia',
    architecture: 'ada',
    device: '0x2684',
    description: 'NVIDIA GeForce RTX 4090',
    isFallbackAdapter: false,
  };
  expect(isSoftware(card)).toBe(false);
  expect(isSoftware({ ...card, isFallbackAdapter: true })).toBe(true);
  expect(isSoftware({ ...card, description: 'llvmpipe (LLVM 15.0.6, 256 bits)' })).toBe(true);
  expect(isSoftware({ ...card, architecture: 'swiftshader' })).toBe(true);
});

/** The suite over the providers of Node: B is owed by the accurate form, D by the native one. */
import { conformance, ownDefinitions } from '@isoact/core/conformance';
import { describe, test } from 'vitest';
import { expectedFailures, nativeFailures } from './conformance.ts';
import { createBackend } from './index.ts';
import { providers } from './testing/nearness.ts';

// A thread pool for each of a thousand small sessions would take longer than all else; and what the optimiser does is
// looked at where models are written.
const quickly = { threads: 1, optimization: 'basic' } as const;

describe('onnxruntime-cpu, accurate', () => {
  conformance({
    describe,
    test,
    createBackend: () => createBackend({ provider: 'cpu', ...quickly }),
    quick: true,
    expected: expectedFailures,
  });
  conformance({
    describe,
    test,
    createBackend: () => createBackend({ provider: 'cpu', ...quickly }),
    quick: true,
    activations: ownDefinitions,
    expected: expectedFailures,
  });
});

describe('onnxruntime-cpu, native', () => {
  conformance({
    describe,
    test,
    createBackend: () => createBackend({ provider: 'cpu', form: 'native', ...quickly }),
    quick: true,
    owed: 'D',
    expected: nativeFailures,
  });
});

describe('onnxruntime-cpu, float16', () => {
  conformance({
    describe,
    test,
    createBackend: () => createBackend({ provider: 'cpu', ...quickly }),
    quick: true,
    dtypes: ['float16'],
    activations: ['relu', 'gelu'],
    expected: [],
  });
});

// the other providers run the same graphs; each kind of node is in these
for (const provider of providers.filter((name) => name !== 'cpu')) {
  describe(`onnxruntime-${provider}`, () => {
    conformance({
      describe,
      test,
      createBackend: () => createBackend({ provider, ...quickly }),
      quick: true,
      activations: ['relu', 'prelu', 'gelu', 'mish', 'adaRelu'],
      expected: expectedFailures,
    });
  });
}

describe.skipIf(!providers.includes('webgpu'))('onnxruntime-webgpu, native', () => {
  conformance({
    describe,
    test,
    createBackend: () => createBackend({ provider: 'webgpu', form: 'native', ...quickly }),
    quick: true,
    owed: 'D',
    activations: ['relu', 'sigmoid', 'elu', 'gelu'],
    expected: nativeFailures,
  });
});

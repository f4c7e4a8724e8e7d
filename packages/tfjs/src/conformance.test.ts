/** The suite over every backend of tfjs that Node has: grade B is owed, and departures stand as data. */
import { conformance, ownDefinitions } from '@isoact/core/conformance';
import { gpuKind } from '@isoact-tooling/gpu';
import { env } from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';
import { createBackend } from './backend/create-backend.ts';
import { expectedFailures } from './expected-failures.ts';

env().set('PROD', true); // no advertisement of tfjs-node

for (const backend of ['cpu', 'wasm', 'webgpu'] as const) {
  describe.skipIf(backend === 'webgpu' && gpuKind() === 'none')(`tfjs-${backend}`, () => {
    conformance({
      describe,
      test,
      createBackend: () => createBackend({ backend }),
      quick: true,
      expected: expectedFailures,
    });
    conformance({
      describe,
      test,
      createBackend: () => createBackend({ backend }),
      quick: true,
      activations: ownDefinitions,
    });
  });
}

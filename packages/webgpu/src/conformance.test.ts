import { conformance, ownDefinitions } from '@isoact/core/conformance';
import { gpuKind } from '@isoact-tooling/gpu';
import { describe, test } from 'vitest';
import { createBackend } from './index.ts';

const common = {
  describe: describe.skipIf(gpuKind() === 'none'),
  test,
  createBackend: () => createBackend(),
  quick: true,
} as const;

conformance(common);

conformance({ ...common, activations: ownDefinitions, dtypes: ['float32'] });

conformance({ ...common, dtypes: ['float16'], activations: ['relu', 'gelu', 'velu'] });

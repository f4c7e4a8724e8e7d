import { conformance, groupNames } from '@isoact/core/conformance';
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

// laws and declared slopes hold for float16 no closer than it can hold them, which the suite does not allow for yet
const bounded = groupNames.filter((name) => name !== 'laws' && name !== 'gradients');
conformance({ ...common, dtypes: ['float16'], activations: ['relu', 'gelu', 'velu'], groups: bounded });

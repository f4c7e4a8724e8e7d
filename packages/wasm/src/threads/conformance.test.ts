import { conformance } from '@isoact/core/conformance';
import { describe, test } from 'vitest';
import { createThreads } from './index.ts';

/** Those that are shared among threads, in each way that there is: alone, by row, with gradients of parameters. */
const activations = ['relu', 'gelu', 'swish', 'prelu', 'velu', 'adaRelu'];

conformance({
  describe,
  test,
  createBackend: () => createThreads({ threads: 2 }).createBackend(),
  activations,
  quick: true,
});

/** A thousand training steps hold what the first ones held: tensors, buffers of the GPU, and wasm's heap. */
import { gpuKind } from '@isoact-tooling/gpu';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { trainingMemory } from '../testing/training-memory.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node

const counted = {
  cpu: ['numTensors', 'numBytes', 'numDataBuffers'],
  wasm: ['numTensors', 'numBytes', 'numDataBuffers', 'heap'],
  webgpu: ['numTensors', 'numBytes', 'numDataBuffers', 'numBytesInGPU', 'numBytesAllocatedInGPU'],
} as const;

describe.each(Object.entries(counted))('on %s', (backend, names) => {
  test.skipIf(backend === 'webgpu' && gpuKind() === 'none')('memory is flat', { timeout: 300_000 }, async () => {
    const { before, after, losses } = await trainingMemory(backend as keyof typeof counted, 1000);
    expect(losses[1]).toBeLessThan(losses[0] as number);
    for (const name of names) {
      expect(before[name], name).toBeGreaterThan(0);
      expect(after[name], name).toBe(before[name]);
    }
  });
});

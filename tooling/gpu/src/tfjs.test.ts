import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { provideNavigatorGpu } from './dawn.ts';
import { gpuKind } from './environment.ts';

test.skipIf(gpuKind() === 'none')('tfjs computes on WebGPU in Node', async () => {
  const dawn = provideNavigatorGpu();
  await import('@tensorflow/tfjs-backend-webgpu');
  await tf.setBackend('webgpu');
  await tf.ready();
  expect(tf.getBackend()).toBe('webgpu');

  const x = tf.linspace(-2, 2, 4096);
  expect(Array.from(await tf.neg(x).data())).toEqual(Array.from(await x.data(), (value) => -value));

  tf.removeBackend('webgpu');
  dawn.release();
});

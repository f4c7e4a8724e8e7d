import { velu as defineVelu } from '@isoact/core';
import { gpuKind } from '@isoact-tooling/gpu';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize } from '../backend/peers.ts';
import { watchDevice } from '../backend/watch-device.ts';
import { activate, activateAll } from '../operations/activate.ts';
import { prelu, swish, velu } from '../operations/catalogue.ts';
import { randomNumbers } from '../testing/compare.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node

const onGpu = test.skipIf(gpuKind() === 'none');

beforeAll(async () => {
  await initialize('cpu');
  if (gpuKind() !== 'none') await initialize('webgpu');
});

let watch: ReturnType<typeof watchDevice> | undefined;
afterAll(() => {
  watch?.check(); // no command was refused
});

/** The same work on both backends. */
async function onBoth(work: () => tf.Tensor[]): Promise<[number[][], number[][]]> {
  const results: number[][][] = [];
  for (const backend of ['webgpu', 'cpu']) {
    await tf.setBackend(backend);
    if (backend === 'webgpu') watch ??= watchDevice('webgpu');
    const tensors = tf.tidy(work);
    results.push(await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data()))));
    tf.dispose(tensors);
  }
  return results as [number[][], number[][]];
}

function expectClose([got, expected]: [number[][], number[][]]): void {
  expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  for (const [k, values] of got.entries()) {
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[k]?.[i] as number, 4);
  }
}

const numbers = randomNumbers(1, 4 * 300);

onGpu('kernels stand among the operations of tfjs, before and after', async () => {
  const work = (): tf.Tensor[] => {
    const x = tf.tensor2d(numbers, [4, 300]);
    const y = tf.add(velu(tf.mul(x, 0.5)), swish(x));
    return [tf.sum(tf.mul(y, y), 1), velu(tf.transpose(y))];
  };
  expectClose(await onBoth(work));
});

onGpu('gradients reach x, a scalar parameter on the device, one per channel, and the penalty', async () => {
  const work = (): tf.Tensor[] => {
    const x = tf.tensor2d(numbers, [4, 300]);
    const lambda = tf.add(tf.scalar(1), 0.25); // computed on the device
    const slope = tf.tensor1d(randomNumbers(2, 300, 0, 1));
    const loss = (t: tf.Tensor, l: tf.Tensor, s: tf.Tensor): tf.Scalar => {
      const { y, penalty } = activateAll(defineVelu({ transport: 'penalty' }), t, { parameters: { lambda: l } });
      return tf.add(tf.mean(tf.square(prelu(y, { slope: s }))), penalty as tf.Tensor) as tf.Scalar;
    };
    return tf.grads(loss)([x, lambda, slope]);
  };
  expectClose(await onBoth(work));
});

onGpu('fused and composed forms agree', async () => {
  const work = (form: 'fused' | 'composed') => (): tf.Tensor[] => {
    const x = tf.tensor2d(numbers, [4, 300]);
    const { value, grad } = tf.valueAndGrad((t: tf.Tensor) =>
      activate(defineVelu({ extent: 'tensor', statistic: 'std' }), t, { form }),
    )(x, x);
    return [value, grad];
  };
  const [fused] = await onBoth(work('fused'));
  const [composed] = await onBoth(work('composed'));
  for (const [k, values] of composed.entries()) {
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(fused[k]?.[i] as number, 3);
  }
});

onGpu('memory stays flat over a thousand calls, and inputs may be disposed before the work is submitted', async () => {
  await tf.setBackend('webgpu');
  const step = (): void => {
    const x = tf.tensor1d(numbers);
    const y = tf.tidy(() => tf.grad((t: tf.Tensor) => velu(tf.mul(t, 2)))(x));
    x.dispose();
    y.dispose();
  };
  const settle = async (): Promise<void> => {
    for (let k = 0; k < 20; k++) step();
    await tf.tidy(() => tf.scalar(1).square()).data();
  };
  await settle();
  const before = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number };
  const tensors = before.numTensors;
  const bytes = before.numBytesAllocatedInGPU;
  for (let k = 0; k < 50; k++) await settle();
  const after = tf.memory() as typeof before;
  expect(after.numTensors - tensors).toBeLessThanOrEqual(50); // settle's own results, one each
  expect(after.numBytesAllocatedInGPU - bytes).toBeLessThanOrEqual(64 * 1024);

  // the numbers of an input that was disposed at once are those that were read
  const x = tf.tensor1d(numbers);
  const y = swish(x);
  x.dispose();
  const other = tf.tensor1d(new Float32Array(numbers.length));
  const z = swish(other);
  const [first, second] = [await y.data(), await z.data()];
  expect(first[0]).toBeCloseTo((numbers[0] as number) / (1 + Math.exp(-(numbers[0] as number))), 5);
  expect(second.every((value) => value === 0)).toBe(true);
  tf.dispose([y, z, other]);
});

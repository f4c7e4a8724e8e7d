import { catalogue, adaRelu as defineAdaRelu, swish as defineSwish, velu as defineVelu } from '@isoact/core';
import * as tf from '@tensorflow/tfjs'; // with the gradients of tfjs's own operations, as users have it
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { initialize } from '../backend/peers.ts';
import { randomNumbers } from '../testing/compare.ts';
import { activate, activateAll } from './activate.ts';
import * as operations from './catalogue.ts';
import { prelu, relu, swish, velu } from './catalogue.ts';

tf.env().set('PROD', true); // no advertisement of tfjs-node

test('there is an operation for each activation of the catalogue', () => {
  expect(Object.keys(operations).sort()).toEqual(Object.keys(catalogue).sort());
});

const expectClose = (tensor: tf.Tensor, expected: ArrayLike<number>, digits: number, message?: string): void => {
  for (const [k, value] of tensor.dataSync().entries()) {
    expect(value, message).toBeCloseTo(expected[k] as number, digits);
  }
};

describe.each(['cpu', 'wasm'] as const)('operations on %s', (backend) => {
  beforeAll(async () => {
    await initialize(backend);
    await tf.setBackend(backend);
  });

  let tensors: number;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  const expectNoLeaks = (): void => expect(tf.memory().numTensors).toBe(tensors);

  test('take parameters as numbers, tensors and options', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([-2, -1, 0, 1, 2], [1, 5]);
      const plain = velu(x, { alpha: 0.5, extent: 'tensor' });
      expect(plain.shape).toEqual([1, 5]);
      const scaled = velu(x, { alpha: 0.5, extent: 'tensor', lambda: tf.scalar(2) });
      expect(Array.from(scaled.dataSync())).toEqual(Array.from(plain.dataSync(), (value) => 2 * value));
      const slopes = prelu(x, { slope: tf.tensor1d([1, 2, 3, 4, 5]) });
      expect(Array.from(slopes.dataSync())).toEqual([-2, -2, 0, 1, 2]);
    });
    expectNoLeaks();
  });

  test('are differentiated by tf.grad, through other operations', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-1, 0.5, 2]);
      const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.mul(swish(tf.mul(t, 2)), 3)))(x);
      // 6·swish'(2x), by Node's own double arithmetic
      const slope = (t: number): number => {
        const s = 1 / (1 + Math.exp(-t));
        return s + t * s * (1 - s);
      };
      const expected = [-1, 0.5, 2].map((t) => 6 * slope(2 * t));
      expectClose(gradient, expected, 5);
    });
    expectNoLeaks();
  });

  test('are differentiated by trainable parameters and the penalty', () => {
    tf.tidy(() => {
      const x = tf.tensor2d(randomNumbers(3, 20), [4, 5]);
      const lambda = tf.scalar(1.5);
      const loss = (t: tf.Tensor, l: tf.Tensor): tf.Scalar => {
        const { y, penalty } = activateAll(defineVelu({ transport: 'penalty' }), t, { parameters: { lambda: l } });
        return tf.add(tf.sum(tf.square(y)), tf.mul(0.1, penalty as tf.Tensor)) as tf.Scalar;
      };
      const [dx, dLambda] = tf.grads(loss)([x, lambda]) as [tf.Tensor, tf.Tensor];
      const at = (direction: tf.Tensor, h: number): number =>
        loss(tf.add(x, tf.mul(direction, h)), lambda).dataSync()[0] as number;
      const direction = tf.tensor2d(randomNumbers(4, 20, -1, 1), [4, 5]);
      const slope = (at(direction, 1e-2) - at(direction, -1e-2)) / 2e-2;
      expect(tf.sum(tf.mul(dx, direction)).dataSync()[0]).toBeCloseTo(slope, 1);
      const squares = tf.sum(tf.square(velu(x, { lambda }))).dataSync()[0] as number;
      expect(dLambda.dataSync()[0]).toBeCloseTo((2 * squares) / 1.5, 3);
    });
    expectNoLeaks();
  });

  test('train with an optimizer, and leave no tensors behind', () => {
    const slope = tf.tidy(() => tf.variable(tf.fill([3], 0.25)));
    const optimizer = tf.train.sgd(0.1);
    const x = tf.tensor2d([-1, -2, -3, 1, 2, 3], [2, 3]);
    const wanted = tf.tidy(() => prelu(x, { slope: tf.tensor1d([0.5, 0.1, -0.2]) }));
    const step = (): void => {
      optimizer.minimize(() => tf.mean(tf.square(tf.sub(prelu(x, { slope }), wanted))));
    };
    step();
    const { numTensors } = tf.memory();
    for (let k = 0; k < 300; k++) step();
    expect(tf.memory().numTensors).toBe(numTensors);
    expectClose(slope, [0.5, 0.1, -0.2], 3);
    for (const each of [slope, optimizer, x, wanted]) each.dispose();
    expectNoLeaks();
  });

  test('composed and fused forms agree, forward and backward', () => {
    const shape: [number, number] = [5, 8];
    for (const define of Object.values(catalogue)) {
      tf.tidy(() => {
        const x = tf.tensor2d(randomNumbers(5, 40), shape);
        const activation = define();
        const width = 8 * activation.forward.y.length;
        const dy = tf.tensor2d(randomNumbers(6, 5 * width), [5, width]);
        const results = (['fused', 'composed'] as const).map((form) =>
          tf.valueAndGrad((t: tf.Tensor) => activate(activation, t, { form, channelAxis: -1 }))(x, dy),
        );
        for (const name of ['value', 'grad'] as const) {
          const [fused, composed] = results.map((result) => result[name]) as [tf.Tensor, tf.Tensor];
          expectClose(composed, fused.dataSync(), 4, activation.name);
        }
      });
    }
    expectNoLeaks();
  });

  test('state goes from one call to the next', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-1, 2, 3]);
      const { y, state } = activateAll(defineAdaRelu(), x);
      expect(Array.from(y.dataSync())).toEqual([-1, 0, 0]);
      const frozen = activate(defineAdaRelu({ mode: 'frozen' }), tf.neg(x), state ? { state } : {});
      expect(Array.from(frozen.dataSync())).toEqual([0, -2, -3]);
    });
    expectNoLeaks();
  });

  test('bad input', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2]);
      expect(() => relu(tf.tensor1d([1, 2], 'int32'))).toThrow(
        'x must be a float32 tensor (was "int32"). Convert it with tf.cast(tensor, "float32").',
      );
      expect(() => relu([1, 2] as unknown as tf.Tensor)).toThrow('x must be a tensor (was [1, 2]).');
      const gone = tf.tensor1d([1]);
      gone.dispose();
      expect(() => relu(gone)).toThrow('x must be a live tensor (was "disposed").');
      expect(() => velu(x, { alfa: 1 } as object)).toThrow('a setting of velu must be one of "alpha"');
      expect(() => velu(x, { epsilon: 0 })).toThrow("velu's epsilon must be a finite number above 0 (was 0).");
      expect(() => velu(x, { transport: 'penalty' })).toThrow('Use activateAll, and add its penalty to the loss.');
      expect(() => velu(x, { lambda: tf.tensor1d([1, 2, 3]) })).toThrow(
        'the shape of parameter "lambda" must be one that broadcasts against [2] (was [3]).',
      );
      expect(() => activate(defineSwish(), x, { parameters: { gamma: 1 } })).toThrow(
        'a parameter of swish must be one of "beta" (was "gamma").',
      );
      expect(() => activate(defineAdaRelu({ mode: 'frozen' }), x)).toThrow(
        'state "positive" of adaRelu must be a tensor',
      );
      expect(() => velu(x, { lambda: tf.tensor1d([1, 2], 'int32') })).toThrow(
        'parameter "lambda" must be a float32 tensor (was "int32"). Convert it with tf.cast(tensor, "float32").',
      );
      expect(() => velu(x, { lambda: gone })).toThrow(
        'parameter "lambda" must be a live tensor (was "disposed"). Keep it with tf.keep, or compute it again.',
      );
      expect(() => velu(x, { lambda: '2' as unknown as number })).toThrow("velu's lambda must be a finite number");
      expect(() => velu(x, { statistic: 'median' as 'std' })).toThrow("velu's statistic must be");
      expect(() => velu(x, { extent: 'channel' })).toThrow('channelAxis must be given');
      expect(() => velu(x, { extent: 'channel', channelAxis: 1 })).toThrow('channelAxis must be');
      const counts = { positive: tf.zeros([1]), negative: tf.zeros([2]) };
      expect(() => activate(defineAdaRelu({ mode: 'frozen' }), x, { state: counts })).toThrow(
        'the shape of state "negative" of adaRelu must be [1] (was [2]).',
      );
    });
    expectNoLeaks();
    // a failed differentiation leaves its tape behind in tfjs itself
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2]);
      expect(() => tf.grad((alpha: tf.Tensor) => velu(x, { alpha }))(tf.scalar(0.1))).toThrow(
        'a tensor that velu is differentiated by must be x or a trainable parameter ("lambda") (was "alpha").',
      );
      for (const form of ['fused', 'composed'] as const) {
        const slope = tf.grad((t: tf.Tensor) => activate(defineSwish(), t, { form }));
        expect(() => tf.grad(slope)(x)).toThrow(
          'the order of a gradient of swish must be 1 (was 2). Write the function with tfjs operations',
        );
      }
    });
  });
});

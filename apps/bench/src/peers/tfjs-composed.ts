/** The activations as users of TensorFlow.js write them: composed of its operators, differentiated by its tape. */
import type { Tensor } from '@tensorflow/tfjs-core';

type Tfjs = typeof import('@tensorflow/tfjs-core');

export interface ComposedActivation {
  /** Values of the parameters that train, in the order of `forward`'s arguments. */
  readonly trainable: Readonly<Record<string, number>>;
  forward(tf: Tfjs, x: Tensor, ...parameters: Tensor[]): Tensor;
}

export const composedActivations: Readonly<Record<string, ComposedActivation>> = {
  velu: {
    trainable: { lambda: 1 },
    forward(tf, x, lambda) {
      const statistic = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-6));
      const adaptation = tf.add(tf.mul(tf.tanh(tf.mul(statistic, 0.9)), 0.1), 1);
      const scaled = tf.mul(x, 0.1);
      const angle = tf.add(tf.atan(scaled), tf.asin(tf.clipByValue(scaled, -1, 1)));
      const z = tf.mul(tf.mul(x, tf.sigmoid(tf.mul(angle, 0.1))), adaptation);
      return lambda ? tf.mul(z, lambda) : z;
    },
  },
  adaRelu: {
    trainable: {},
    forward(tf, x) {
      const positive = tf.sum(tf.cast(tf.greater(x, 0), 'int32'));
      const negative = tf.sum(tf.cast(tf.less(x, 0), 'int32'));
      return tf.where(tf.greater(positive, negative), tf.minimum(x, 0), tf.maximum(x, 0));
    },
  },
  gelu: {
    trainable: {},
    forward: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  },
};

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
      // The tape cannot walk back through comparisons and has no way to stop before them, so one writes the gradient.
      const adaptive = tf.customGrad((value, save) => {
        const input = value as Tensor;
        const positive = tf.sum(tf.cast(tf.greater(input, 0), 'int32'));
        const negative = tf.sum(tf.cast(tf.less(input, 0), 'int32'));
        const keepsNegative = tf.greater(positive, negative);
        (save as (tensors: Tensor[]) => void)([input, keepsNegative]);
        return {
          value: tf.where(keepsNegative, tf.minimum(input, 0), tf.maximum(input, 0)),
          gradFunc: (upstream: Tensor, saved: Tensor[]) => {
            const [kept, branch] = saved as [Tensor, Tensor];
            // Masks as numbers: the wasm backend reads past the end of truth values in where.
            const [below, above] = [tf.less(kept, 0), tf.greater(kept, 0)].map((mask) => tf.cast(mask, 'float32'));
            return tf.mul(upstream, tf.where(branch, below as Tensor, above as Tensor));
          },
        };
      });
      return adaptive(x);
    },
  },
  gelu: {
    trainable: {},
    forward: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  },
};

/** Activations that users of TensorFlow.js write with one or two of its operators. */
import type { Tensor } from '@tensorflow/tfjs-core';

type Tfjs = typeof import('@tensorflow/tfjs-core');

export const tfjsOperators: Readonly<Record<string, (tf: Tfjs, x: Tensor) => Tensor>> = {
  relu: (tf, x) => tf.relu(x),
  elu: (tf, x) => tf.elu(x),
  swish: (tf, x) => tf.mul(x, tf.sigmoid(x)),
};

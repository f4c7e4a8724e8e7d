/**
 * The activations as users of jax-js write them: its own where it has one, composed of its NumPy elsewhere. An array is
 * given away where it is used last, and lent by `.ref` before.
 */
import type { Array as JaxArray } from '@jax-js/jax';

type Jax = typeof import('@jax-js/jax');
/** The parameters that train follow x. */
type JaxActivation = (jax: Jax, x: JaxArray, ...parameters: JaxArray[]) => JaxArray;

export const jaxActivations: Readonly<Record<string, JaxActivation>> = {
  velu: ({ numpy: np, nn }, x, lambda) => {
    const meanSquare = np.mean(np.square(x.ref), -1, { keepdims: true });
    const statistic = np.reciprocal(np.sqrt(meanSquare.add(1e-6)));
    const adaptation = np.tanh(statistic.mul(0.9)).mul(0.1).add(1);
    const scaled = x.ref.mul(0.1);
    const angle = np.arctan(scaled.ref).add(np.arcsin(np.clip(scaled, -1, 1)));
    const z = x.mul(nn.sigmoid(angle.mul(0.1))).mul(adaptation);
    return lambda ? z.mul(lambda) : z;
  },
  adaRelu: ({ numpy: np }, x) => {
    const positive = np.sum(np.greater(x.ref, 0).astype(np.int32));
    const negative = np.sum(np.less(x.ref, 0).astype(np.int32));
    return np.where(np.greater(positive, negative), np.minimum(x.ref, 0), np.maximum(x, 0));
  },
  gelu: ({ nn }, x) => nn.gelu(x, { approximate: false }),
};

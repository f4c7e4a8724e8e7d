/** Checks of what a caller hands to an operation, with the errors that every adapter gives. */
import {
  type Activation,
  checkParameter,
  checkSpec,
  DisposedError,
  DtypeError,
  mustBe,
  ParameterError,
  type Seed,
  type TensorSpec,
} from '@isoact/core';
import { Tensor } from '@tensorflow/tfjs-core';
import { cachedFor } from '../kernels/call.ts';

/** A live float32 tensor, or an error that says what it was. */
export function checkTensor(subject: string, value: unknown): Tensor {
  if (!(value instanceof Tensor)) {
    throw new DtypeError(mustBe(subject, 'a tensor', value, 'Make one with tf.tensor.'));
  }
  if (value.isDisposed) {
    throw new DisposedError(mustBe(subject, 'a live tensor', 'disposed', 'Keep it with tf.keep, or compute it again.'));
  }
  if (value.dtype !== 'float32') {
    throw new DtypeError(
      mustBe(subject, 'a float32 tensor', value.dtype, 'Convert it with tf.cast(tensor, "float32").'),
    );
  }
  return value;
}

/** The numbers of a call, set in the activation, apart from the parameters that come as tensors. */
export function splitParameters(
  activation: Activation,
  given: Readonly<Record<string, Tensor | number>>,
): { activation: Activation; tensors: Record<string, Tensor> } {
  const numbers: Record<string, number> = {};
  const tensors: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(activation.parameters, name)) {
      const known = Object.keys(activation.parameters).map((each) => JSON.stringify(each));
      throw new ParameterError(
        mustBe(`a parameter of ${activation.name}`, `one of ${known.join(', ') || 'none'}`, name),
      );
    }
    if (typeof value === 'object') tensors[name] = checkTensor(`parameter ${JSON.stringify(name)}`, value);
    else {
      checkParameter(activation, name, value);
      numbers[name] = value;
    }
  }
  if (Object.keys(numbers).length === 0) return { activation, tensors };
  return { activation: { ...activation, parameters: { ...activation.parameters, ...numbers } }, tensors };
}

/** The specification of a call on a tensor, checked. */
export function specOf(
  activation: Activation,
  x: Tensor,
  channelAxis: number | undefined,
  tensors: Readonly<Record<string, Tensor>>,
): TensorSpec {
  const spec: TensorSpec = {
    shape: x.shape,
    dtype: 'float32',
    ...(channelAxis !== undefined && { channelAxis }),
    parameterShapes: Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
  };
  const call = { activation, spec, direction: 'forward', tensorParameters: Object.keys(tensors) } as const;
  // what was found right for a graph and a layout stays so: a small tensor is computed faster than it is checked
  cachedFor('checked', call, () => {
    checkSpec(activation, spec, 'tfjs', ['float32']);
    return true;
  });
  return spec;
}

/** The seed of a call that draws noise. */
export function checkSeed({ name }: Activation, seed: Seed | undefined): Uint32Array {
  const isWord = (word: number): boolean => Number.isInteger(word) && word >= 0 && word < 2 ** 32;
  if (seed?.length === 2 && Array.from(seed).every(isWord)) return Uint32Array.from(seed);
  const remedy = 'Give another one at each training step.';
  throw new ParameterError(mustBe(`the seed of ${name}`, 'two integers from 0 to 2^32 - 1', seed, remedy));
}

/** The activation functions that tfjs itself has, on one of its backends. */
import { type Activation, hardSigmoid, mustBe, swish, type TensorSpec, UnsupportedError } from '@isoact/core';
import { createBackend } from '@isoact/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { LoadedGroup } from '../subjects/subject.ts';
import { type BuiltinFunction, createBuiltinBackend, fixedAt, scalar } from './builtin-backend.ts';
import { expectedOfBuiltins } from './expected-failures.ts';
import type { TfjsBuiltin } from './tfjs-names.ts';

type Values = Readonly<Record<string, Float32Array>>;
type Apply = (x: tf.Tensor, activation: Activation, values: Values) => tf.Tensor;

/** Activations of tfjs-layers are reached by their layer. */
function layer(name: string): Apply {
  const activate = layers.activation({ activation: name as never }); // gelu and gelu_new are not in its type
  return (x) => activate.apply(x) as tf.Tensor;
}

const at =
  (expected: Readonly<Record<string, number>>, apply: Apply): Apply =>
  (x, activation, values) => {
    fixedAt(activation, values, expected);
    return apply(x, activation, values);
  };

/** tfjs's hardSigmoid is that of Keras 2. */
const kerasSlope = 0.2;

/** What tfjs has otherwise: one object each, so that its backends are asked the same. */
const own: Readonly<Record<string, Activation>> = { swish: silu(), hardSigmoid: hardSigmoid({ slope: kerasSlope }) };

/** tfjs's swish has no β that could train. */
function silu(): Activation {
  const activation = swish();
  return { ...activation, trainable: [], vjp: { ...activation.vjp, parameters: {} } };
}

const functions: Readonly<Record<Exclude<TfjsBuiltin, 'prelu'>, Apply>> = {
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  leakyRelu: (x, activation, values) => tf.leakyRelu(x, scalar(activation, values, 'slope')),
  elu: at({ alpha: 1 }, (x) => tf.elu(x)),
  selu: at({ alpha: 1.6732632423543772, lambda: 1.0507009873554805 }, (x) => tf.selu(x)),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  softplus: at({ beta: 1 }, (x) => tf.softplus(x)),
  hardSigmoid: at({ slope: kerasSlope }, layer('hardSigmoid')),
  softsign: layer('softsign'),
  swish: at({ beta: 1 }, layer('swish')),
  gelu: layer('gelu'),
  geluTanh: layer('gelu_new'),
  mish: layer('mish'),
};

export async function loadTfjsBuiltins(backend: 'cpu' | 'wasm' | 'webgl' | 'webgpu'): Promise<LoadedGroup> {
  tf.env().set('PROD', true);
  // ours knows how to start each backend, and how to describe its device
  const ours = await createBackend({ backend });
  const name = `builtin:tfjs-${backend}`;
  return {
    backend: createBuiltinBackend({
      name,
      device: ours.device,
      gradients: true,
      compile: (...given) => on(backend, compile(...given)),
      dispose: () => ours.dispose(),
    }),
    expected: expectedOfBuiltins(name),
    owed: 'D',
    finite: true,
    as: (activation) => own[activation] ?? activation,
  };
}

/** The function on one backend: tfjs has one current at a time, and others may have been asked meanwhile. */
function on(backend: string, { forward, vjp }: BuiltinFunction): BuiltinFunction {
  // it is taken up before the promise is returned, since it was started before
  const takeUp = (): void => {
    if (tf.getBackend() !== backend) void tf.engine().setBackend(backend);
  };
  return {
    forward: (...inputs) => {
      takeUp();
      return forward(...inputs);
    },
    ...(vjp && {
      vjp: (...inputs) => {
        takeUp();
        return vjp(...inputs);
      },
    }),
  };
}

function compile(activation: Activation, { shape }: TensorSpec): BuiltinFunction {
  const { name } = activation;
  if (name === 'prelu') return compilePrelu(shape);
  const apply = Object.hasOwn(functions, name) ? functions[name as keyof typeof functions] : undefined;
  if (!apply) throw new UnsupportedError(mustBe('an activation of tfjs', 'one of its own', name));
  const tensor = (values: Float32Array): tf.Tensor => tf.tensor(values, [...shape], 'float32');
  return {
    forward: (x, values) => read(tf.tidy(() => apply(tensor(x), activation, values))),
    vjp: async (x, upstream, values) => {
      const gradient = tf.tidy(() =>
        tf.grad((t: tf.Tensor) => apply(t, activation, values))(tensor(x), tensor(upstream)),
      );
      return { x: await read(gradient), parameters: {} };
    },
  };
}

/** The slope is a tensor of its own here, with a gradient of its own. */
function compilePrelu(shape: readonly number[]): BuiltinFunction {
  const tensor = (values: Float32Array): tf.Tensor => tf.tensor(values, [...shape], 'float32');
  const slopeOf = ({ slope }: Values): tf.Tensor => {
    if (slope?.length !== 1)
      throw new UnsupportedError(mustBe('slope of prelu', 'one number', `${slope?.length ?? 0} numbers`));
    return tf.scalar(slope[0] as number);
  };
  return {
    forward: (x, values) => read(tf.tidy(() => tf.prelu(tensor(x), slopeOf(values)))),
    vjp: async (x, upstream, values) => {
      // an error on webgl and webgpu, and on wasm whatever lay in memory
      if (x.length === 0)
        throw new UnsupportedError(mustBe('x', 'no empty tensor where prelu is differentiated', shape));
      const [dx, slope] = tf.tidy(() =>
        tf.grads((t: tf.Tensor, s: tf.Tensor) => tf.prelu(t, s))([tensor(x), slopeOf(values)], tensor(upstream)),
      ) as [tf.Tensor, tf.Tensor];
      return { x: await read(dx), parameters: { slope: await read(slope) } };
    },
  };
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return Float32Array.from(await tensor.data());
  } finally {
    tensor.dispose();
  }
}

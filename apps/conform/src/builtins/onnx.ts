/** The activation functions that ONNX has operators for, on one provider of ONNX Runtime: one node, forward only. */
import { type Activation, elementCount, mustBe, type TensorSpec, UnsupportedError } from '@isoact/core';
import { createBackend, type Runtime } from '@isoact/onnxruntime';
import { singleNodeModel } from '../formats/onnx-model.ts';
import type { LoadedGroup } from '../subjects/subject.ts';
import { type BuiltinFunction, createBuiltinBackend, fixedAt, scalar } from './builtin-backend.ts';
import { expectedOfBuiltins } from './expected-failures.ts';
import type { OnnxBuiltin } from './onnx-names.ts';

type Values = Readonly<Record<string, Float32Array>>;
interface Operator {
  readonly type: string;
  readonly attributes?: (activation: Activation, values: Values) => Readonly<Record<string, number | string>>;
  /** A parameter that is an input. */
  readonly input?: string;
}

const operators: Readonly<Record<OnnxBuiltin, Operator>> = {
  relu: { type: 'Relu' },
  leakyRelu: { type: 'LeakyRelu', attributes: (...given) => ({ alpha: scalar(...given, 'slope') }) },
  prelu: { type: 'PRelu', input: 'slope' },
  elu: { type: 'Elu', attributes: (...given) => ({ alpha: scalar(...given, 'alpha') }) },
  selu: {
    type: 'Selu',
    attributes: (...given) => ({ alpha: scalar(...given, 'alpha'), gamma: scalar(...given, 'lambda') }),
  },
  celu: { type: 'Celu', attributes: (...given) => ({ alpha: scalar(...given, 'alpha') }) },
  sigmoid: { type: 'Sigmoid' },
  hardSigmoid: { type: 'HardSigmoid', attributes: (...given) => ({ alpha: scalar(...given, 'slope'), beta: 0.5 }) },
  tanh: { type: 'Tanh' },
  softplus: {
    type: 'Softplus',
    attributes: (...given) => {
      fixedAt(...given, { beta: 1 });
      return {};
    },
  },
  softsign: { type: 'Softsign' },
  hardSwish: { type: 'HardSwish' },
  gelu: { type: 'Gelu', attributes: () => ({ approximate: 'none' }) },
  geluTanh: { type: 'Gelu', attributes: () => ({ approximate: 'tanh' }) },
  mish: { type: 'Mish' },
};

const packages = { cpu: 'onnxruntime-node', webgpu: 'onnxruntime-node', wasm: 'onnxruntime-web' } as const;

/** @param load imports the runtime, where it is not the package of that name. */
export async function loadOnnxBuiltins(
  provider: keyof typeof packages,
  load: () => Promise<Runtime> = () => import(/* @vite-ignore */ packages[provider]),
): Promise<LoadedGroup> {
  const runtime = await load();
  // ours knows whether the provider is there, and how to describe its device
  const own = await createBackend({ provider, runtime, threads: 1 });
  const name = `builtin:onnxruntime-${provider}`;
  return {
    backend: createBuiltinBackend({
      name,
      device: own.device,
      gradients: false,
      compile: (activation, spec) => compile(runtime, provider, activation, spec),
      dispose: () => own.dispose(),
    }),
    expected: expectedOfBuiltins(name),
    owed: 'D',
    finite: true,
  };
}

type Session = Awaited<ReturnType<Runtime['InferenceSession']['create']>>;

function compile(
  runtime: Runtime,
  provider: keyof typeof packages,
  activation: Activation,
  { shape }: TensorSpec,
): BuiltinFunction {
  const { name } = activation;
  const operator = Object.hasOwn(operators, name) ? operators[name as OnnxBuiltin] : undefined;
  if (!operator) throw new UnsupportedError(mustBe('an activation of ONNX', 'one of its operators', name));
  // attributes belong to a session, so other values are another one
  const sessions = new Map<string, Promise<Session>>();
  const sessionFor = (attributes: Readonly<Record<string, number | string>>): Promise<Session> => {
    const key = JSON.stringify(attributes);
    let session = sessions.get(key);
    if (!session) {
      const inputs = { x: shape, ...(operator.input && { [operator.input]: [1] }) };
      session = openSession(runtime, provider, singleNodeModel(operator.type, inputs, shape, attributes));
      sessions.set(key, session);
    }
    return session;
  };
  return {
    forward: async (x, values) => {
      const attributes = operator.attributes?.(activation, values) ?? {};
      // a tensor of no elements is no question to a provider
      if (elementCount(shape) === 0) return new Float32Array(0);
      const feeds: Record<string, InstanceType<Runtime['Tensor']>> = {
        x: new runtime.Tensor('float32', x, [...shape]),
      };
      if (operator.input) {
        feeds[operator.input] = new runtime.Tensor(
          'float32',
          Float32Array.of(scalar(activation, values, operator.input)),
          [1],
        );
      }
      const { y } = await (await sessionFor(attributes)).run(feeds);
      return Float32Array.from(y?.data as Float32Array);
    },
    dispose: () => {
      for (const session of sessions.values()) void session.then((opened) => opened.release()).catch(() => {});
    },
  };
}

async function openSession(runtime: Runtime, provider: keyof typeof packages, model: Uint8Array): Promise<Session> {
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [provider],
      logSeverityLevel: 3,
      intraOpNumThreads: 1,
      // without this, what the provider lacks goes to the CPU without a word
      ...(provider === 'webgpu' && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UnsupportedError(mustBe('the operator', `one of the provider ${provider}`, message), { cause: error });
  }
}

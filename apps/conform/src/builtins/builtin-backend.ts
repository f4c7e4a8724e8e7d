/** A framework's own functions behind the adapter contract, so that the suite can ask them what it asks ours. */
import {
  type Activation,
  type ActivationBackend,
  type Capabilities,
  type CompiledActivation,
  checkSpec,
  type Data,
  type DeviceInfo,
  DisposedError,
  type ForwardInputs,
  inputChecker,
  mustBe,
  type ParameterValues,
  parameterValues,
  type TensorSpec,
  UnsupportedError,
  type VjpInputs,
} from '@isoact/core';

/** One function for one shape. */
export interface BuiltinFunction {
  forward(x: Float32Array, parameters: Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  vjp?(
    x: Float32Array,
    upstream: Float32Array,
    parameters: Readonly<Record<string, Float32Array>>,
  ): Promise<{ readonly x: Float32Array; readonly parameters: Readonly<Record<string, Float32Array>> }>;
  dispose?(): void;
}

export interface BuiltinLibrary {
  readonly name: string;
  readonly device: DeviceInfo;
  readonly gradients: boolean;
  /** @throws UnsupportedError for what the framework has no function for. */
  compile(activation: Activation, spec: TensorSpec): BuiltinFunction;
  dispose(): Promise<void>;
}

/** Frameworks promise nothing about NaN, signs of zero and subnormals. */
const claims = {
  dtypes: ['float32'],
  nan: 'any',
  signedZero: 'any',
  subnormals: 'any',
  sumDepth: (n: number) => 64 + Math.ceil(Math.log2(Math.max(n, 1))),
} as const satisfies Omit<Capabilities, 'gradients'>;

export function createBuiltinBackend({ name, device, gradients, compile, dispose }: BuiltinLibrary): ActivationBackend {
  return {
    name,
    device,
    supports: { ...claims, gradients },
    async compile(activation, spec) {
      checkSpec(activation, spec, name, claims.dtypes);
      return compiled(activation, spec, compile(activation, spec));
    },
    dispose,
  };
}

function compiled(activation: Activation, spec: TensorSpec, f: BuiltinFunction): CompiledActivation {
  const checkInputs = inputChecker(activation, spec);
  let disposed = false;
  const prepared = (inputs: ForwardInputs | VjpInputs) => {
    if (disposed) throw new DisposedError(mustBe(activation.name, 'in use', 'disposed'));
    checkInputs(inputs);
    return floats(parameterValues(activation, spec, inputs.parameters));
  };
  return {
    outputs: { y: { shape: spec.shape } },
    forward: async (inputs) => {
      const parameters = prepared(inputs);
      return { y: await f.forward(float(inputs.x), parameters) };
    },
    vjp: async (inputs) => {
      if (!f.vjp) throw new UnsupportedError(mustBe(`a call of ${activation.name}`, 'a forward', 'a vjp'));
      const { x, parameters } = await f.vjp(float(inputs.x), float(inputs.upstream.y), prepared(inputs));
      const wanted = spec.parameterGradients ?? activation.trainable;
      return { x, parameters: Object.fromEntries(wanted.map((name) => [name, parameters[name] as Float32Array])) };
    },
    dispose: () => {
      if (!disposed) f.dispose?.();
      disposed = true;
    },
  };
}

/** A copy: a framework may keep the array that it is given. */
const float = (values: Data): Float32Array => Float32Array.from(values);
const floats = (values: ParameterValues | Readonly<Record<string, ArrayLike<number>>>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(values).map(([name, each]) => [name, Float32Array.from(each)]));

/** The one value of a parameter that the framework takes as a number. */
export function scalar(activation: Activation, values: Readonly<Record<string, Float32Array>>, name: string): number {
  const own = values[name];
  if (own?.length === 1) return own[0] as number;
  throw new UnsupportedError(mustBe(`${name} of ${activation.name}`, 'one number', `${own?.length ?? 0} numbers`));
}

/** A parameter that the framework has no choice of: it must be the framework's own. */
export function fixedAt(
  activation: Activation,
  values: Readonly<Record<string, Float32Array>>,
  expected: Readonly<Record<string, number>>,
): void {
  for (const [name, wanted] of Object.entries(expected)) {
    const value = scalar(activation, values, name);
    if (value !== Math.fround(wanted))
      throw new UnsupportedError(mustBe(`${name} of ${activation.name}`, `the framework's own, ${wanted}`, value));
  }
}

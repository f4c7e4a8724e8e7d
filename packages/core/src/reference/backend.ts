/** The float64 reference behind the adapter contract: the oracle, and a backend that runs anywhere. */
import type {
  ActivationBackend,
  Capabilities,
  CompiledActivation,
  Data,
  Dtype,
  ForwardInputs,
  TensorSpec,
} from '../adapter.ts';
import { allocate, checkSpec, inputChecker } from '../adapter-checks.ts';
import type { Activation } from '../definition.ts';
import { DisposedError, refuse } from '../errors.ts';
import { rootsOf } from '../graph/roots.ts';
import { mapValues } from '../records.ts';
import { type Numbers, referenceOf } from './reference.ts';

const supports: Capabilities = {
  dtypes: ['float32', 'float64'],
  nan: 'propagate',
  signedZero: 'any',
  subnormals: 'keep',
  sumDepth: () => 1,
  gradients: true,
};

/**
 * The reference as a backend. It computes in float64 and rounds once, at the end.
 *
 * @example
 * ```ts
 * const backend = createReferenceBackend();
 * const compiled = await backend.compile(velu(), { shape: [2, 3], dtype: 'float32' });
 * const { y } = await compiled.forward({ x: new Float32Array(6) });
 * ```
 */
export function createReferenceBackend(): ActivationBackend {
  return {
    name: 'reference',
    device: { vendor: '', architecture: 'javascript', description: 'float64 interpreter', software: false },
    supports,
    compile: async (activation, spec) => compile(activation, spec),
    dispose: async () => {},
  };
}

function compile(activation: Activation, spec: TensorSpec): CompiledActivation {
  checkSpec(activation, spec, 'reference', supports.dtypes);
  const reference = referenceOf(activation, spec);
  const checkInputs = inputChecker(activation, spec);
  const ownParameters = mapValues(activation.parameters, (value) => allocate(spec.dtype, 1).fill(value));
  let disposed = false;

  /** What the call brings, and the activation's own parameters as its dtype has them. */
  const complete = <T extends ForwardInputs>(inputs: T): T => {
    if (disposed) refuse(DisposedError, `compiled ${activation.name}`, 'in use', 'disposed');
    checkInputs(inputs);
    return { ...inputs, parameters: { ...ownParameters, ...inputs.parameters } };
  };
  const rounded = (values: Numbers): Data => roundTo(spec.dtype, values);

  return {
    outputs: Object.fromEntries(rootsOf(activation, spec, 'forward').map((root) => [root.name, { shape: root.shape }])),
    forward: async (inputs) => {
      const { y, penalty, state } = reference.forward(complete(inputs));
      return {
        y: rounded(y),
        ...(penalty !== undefined && { penalty }),
        ...(Object.keys(state).length > 0 && { state: mapValues(state, rounded) }),
      };
    },
    vjp: async (inputs) => {
      const { x, parameters } = reference.vjp(complete(inputs));
      return { x: rounded(x), parameters: mapValues(parameters, rounded) };
    },
    dispose: () => {
      disposed = true;
    },
  };
}

function roundTo(dtype: Dtype, values: Numbers): Data {
  const data = allocate(dtype, values.length);
  data.set(values);
  return data;
}

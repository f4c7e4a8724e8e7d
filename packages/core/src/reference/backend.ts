/** The float64 interpreter behind the adapter contract: the oracle, and a backend that runs anywhere. */
import type {
  ActivationBackend,
  Capabilities,
  CompiledActivation,
  Data,
  ForwardInputs,
  TensorSpec,
  VjpInputs,
} from '../adapter.ts';
import { allocate, checkSpec, inputChecker } from '../adapter-checks.ts';
import type { Activation } from '../definition.ts';
import { DisposedError, refuse } from '../errors.ts';
import { upstreamPenalty } from '../graph/differentiate.ts';
import { elementCount } from '../graph/geometry.ts';
import { placeInParts, placementOf } from '../graph/parts.ts';
import { type Direction, type Root, rootsOf } from '../graph/roots.ts';
import { mapValues } from '../records.ts';
import { evaluate, type Field, groupsOf } from './interpreter.ts';

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
  const { shape, dtype } = spec;
  const checkInputs = inputChecker(activation, spec);
  let disposed = false;

  /** What is asked for, the element-shaped outputs first, with its field of values. */
  const run = (direction: Direction, inputs: ForwardInputs & Partial<VjpInputs>): [Root, Field][] => {
    if (disposed) refuse(DisposedError, `compiled ${activation.name}`, 'in use', 'disposed');
    checkInputs(inputs);
    const { x, upstream, parameters, state = {} } = inputs;
    const roots = rootsOf(activation, spec, direction);
    const fields = evaluate(
      roots.map(({ expression }) => expression),
      spec,
      {
        inputs: { x, upstream: upstream?.y },
        parameters: {
          ...mapValues(activation.parameters, (value) => allocate(dtype, 1).fill(value)),
          ...parameters,
          [upstreamPenalty]: [upstream?.penalty ?? 0],
        },
        state,
      },
    );
    return roots.map((root, index) => [root, fields[index] as Field]);
  };

  /** The values of a field at one element of each group. */
  const store = ([{ spanned }, field]: [Root, Field]): Data => {
    const { count, of } = groupsOf(shape, spanned);
    const values = allocate(dtype, count);
    for (let index = elementCount(shape) - 1; index >= 0; index--) values[of(index)] = field(index);
    return values;
  };
  const joined = (fields: readonly Field[]): Data => {
    const placement = placementOf(fields.length, spec);
    const length = elementCount(shape);
    const values = allocate(dtype, length * fields.length);
    for (const [part, field] of fields.entries()) {
      for (let index = 0; index < length; index++) values[placeInParts(index, part, placement)] = field(index);
    }
    return values;
  };
  const storeAll = (evaluated: [Root, Field][]): Record<string, Data> =>
    Object.fromEntries(evaluated.map((each) => [each[0].name, store(each)]));

  return {
    outputs: Object.fromEntries(rootsOf(activation, spec, 'forward').map((root) => [root.name, { shape: root.shape }])),
    forward: async (inputs) => {
      const rest = run('forward', inputs);
      const parts = rest.splice(0, activation.forward.y.length);
      const y = joined(parts.map(([, field]) => field));
      const penalty = activation.forward.penalty && rest.shift()?.[1](0);
      return { y, ...(penalty !== undefined && { penalty }), ...(rest.length > 0 && { state: storeAll(rest) }) };
    },
    vjp: async (inputs) => {
      const { x, ...parameters } = storeAll(run('vjp', inputs));
      return { x: x as Data, parameters };
    },
    dispose: () => {
      disposed = true;
    },
  };
}

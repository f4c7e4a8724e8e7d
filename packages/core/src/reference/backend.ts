/** The float64 interpreter behind the adapter contract: the oracle, and a backend that runs anywhere. */
import type {
  ActivationBackend,
  Capabilities,
  CompiledActivation,
  Data,
  ForwardInputs,
  TensorSpec,
} from '../adapter.ts';
import { allocate, checkInputs, checkSpec, gradientNames, parameterValues, stateShapes } from '../adapter-checks.ts';
import type { Activation } from '../definition.ts';
import { DisposedError, mustBe } from '../errors.ts';
import type { Expression } from '../expression/node.ts';
import { upstreamPenalty } from '../graph/differentiate.ts';
import {
  elementCount,
  elementOf,
  extentAxes,
  groupingOf,
  parameterAxes,
  parameterShape,
  type Shape,
} from '../graph/geometry.ts';
import { type Bindings, evaluate } from './interpreter.ts';

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
  const length = elementCount(spec.shape);
  const states = stateShapes(activation, spec);
  const gradients = gradientNames(activation, spec);
  let disposed = false;

  const bind = (inputs: ForwardInputs, upstream?: { y: Data; penalty?: number | undefined }): Bindings => {
    if (disposed) throw new DisposedError(mustBe(`compiled ${activation.name}`, 'in use', 'disposed'));
    checkInputs(activation, spec, upstream ? { ...inputs, upstream } : inputs);
    return {
      inputs: { x: inputs.x, ...(upstream && { upstream: upstream.y }) },
      parameters: {
        ...parameterValues(activation, spec, inputs.parameters),
        [upstreamPenalty]: [upstream?.penalty ?? 0],
      },
      state: inputs.state ?? {},
    };
  };

  /** The values of a field that is constant over groups, one for each group. */
  const perGroup = (field: (index: number) => number, spanned: readonly number[], shape: Shape): Data => {
    const grouping = groupingOf(spec.shape, spanned);
    const values = allocate(spec.dtype, elementCount(shape));
    for (let group = 0; length > 0 && group < values.length; group++)
      values[group] = field(elementOf(group, 0, grouping));
    return values;
  };
  const store = (field: (index: number) => number): Data => {
    const values = allocate(spec.dtype, length);
    for (let index = 0; index < length; index++) values[index] = field(index);
    return values;
  };

  return {
    outputs: {
      y: { shape: spec.shape },
      ...(activation.forward.penalty && { penalty: { shape: [] } }),
      ...states,
    } as Record<string, { shape: Shape }>,
    forward: async (inputs) => {
      const { y, penalty, state = {} } = activation.forward;
      const roots = [y, ...(penalty ? [penalty] : []), ...Object.values(state)];
      const fields = evaluate(roots, spec, bind(inputs));
      const at = (node: Expression) => fields[roots.indexOf(node)] as (index: number) => number;
      return {
        y: store(at(y)),
        ...(penalty && { penalty: at(penalty)(0) }),
        ...(Object.keys(state).length > 0 && {
          state: Object.fromEntries(
            Object.entries(state).map(([name, node]) => {
              const spanned = 'extent' in node ? extentAxes(node.extent, spec) : [];
              return [name, perGroup(at(node), spanned, states[name] as Shape)];
            }),
          ),
        }),
      };
    },
    vjp: async ({ upstream, ...inputs }) => {
      const roots = [activation.vjp.x, ...gradients.map((name) => activation.vjp.parameters[name] as Expression)];
      const [x, ...parameters] = evaluate(roots, spec, bind(inputs, upstream));
      return {
        x: store(x as (index: number) => number),
        parameters: Object.fromEntries(
          gradients.map((name, k) => {
            const kept = new Set(parameterAxes(name, spec));
            const spanned = spec.shape.flatMap((_, axis) => (kept.has(axis) ? [] : [axis]));
            return [name, perGroup(parameters[k] as (index: number) => number, spanned, parameterShape(name, spec))];
          }),
        ),
      };
    },
    dispose: () => {
      disposed = true;
    },
  };
}

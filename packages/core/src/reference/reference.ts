/** The float64 reference as two functions: values and gradients, at once, with no backend around them. */
import type { Activation } from '../activation.ts';
import { callChecker, checkPlacement } from '../call-checks.ts';
import { upstreamPenalty } from '../graph/differentiate.ts';
import { elementCount } from '../graph/geometry.ts';
import { placeInParts, placementOf } from '../graph/parts.ts';
import { type Direction, type Placed, rootsOf } from '../graph/roots.ts';
import { mapValues } from '../records.ts';
import { evaluate, groupsOf } from './interpreter.ts';

/** Numbers of any storage. */
export type Numbers = ArrayLike<number>;

export interface ReferenceInputs {
  readonly x: Numbers;
  /** Values that override the activation's own; scalars unless the specification has a shape for them. */
  readonly parameters?: Readonly<Record<string, Numbers>> | undefined;
  readonly state?: Readonly<Record<string, Numbers>> | undefined;
}

export interface ReferenceVjpInputs extends ReferenceInputs {
  readonly upstream: { readonly y: Numbers; readonly penalty?: number | undefined };
}

export interface Reference {
  forward(inputs: ReferenceInputs): {
    readonly y: Float64Array;
    readonly penalty: number | undefined;
    readonly state: Readonly<Record<string, Float64Array>>;
  };
  vjp(inputs: ReferenceVjpInputs): { readonly x: Float64Array; readonly parameters: Record<string, Float64Array> };
}

/**
 * The right answer, in float64: what every kernel is compared to. Slow and plain.
 *
 * @param spec the shape of x, and what else a {@link TensorSpec} says but for a dtype: any array of numbers goes in.
 * @throws ShapeError or ParameterError, here and by each call.
 *
 * @example
 * ```ts
 * const { forward, vjp } = createReference(velu(), { shape: [2, 3] });
 * const x = [-1, 0, 1, -2, 0.5, 3];
 * const { y } = forward({ x });
 * const gradient = vjp({ x, upstream: { y: [1, 1, 1, 1, 1, 1] } });
 * ```
 */
export function createReference(activation: Activation, spec: Placed): Reference {
  checkPlacement(activation, spec);
  return referenceOf(activation, spec, callChecker(activation, spec));
}

/** The same for those who have checked the specification; `check` refuses what a call must not bring. */
export function referenceOf(
  activation: Activation,
  spec: Placed,
  check?: (inputs: ReferenceInputs) => void,
): Reference {
  const run = (direction: Direction, inputs: ReferenceInputs & Partial<ReferenceVjpInputs>) => {
    check?.(inputs);
    const { x, upstream, parameters, state = {} } = inputs;
    const roots = rootsOf(activation, spec, direction);
    const fields = evaluate(
      roots.map(({ expression }) => expression),
      spec,
      {
        inputs: { x, upstream: upstream?.y },
        parameters: {
          ...mapValues(activation.parameters, (value) => [value]),
          ...parameters,
          [upstreamPenalty]: [upstream?.penalty ?? 0],
        },
        state,
      },
    );
    const results: Record<string, Float64Array> = {};
    for (const [index, { name, part, spanned, shape }] of roots.entries()) {
      const { count, of } = groupsOf(spec.shape, spanned);
      const values = results[name] ?? new Float64Array(elementCount(shape));
      results[name] = values; // of all its parts
      const placement = placementOf(values.length / count || 1, spec);
      // a sum over no elements is a number too
      for (let at = Math.max(elementCount(spec.shape) - 1, 0); at >= 0; at--) {
        values[placeInParts(of(at), part, placement)] = fields[index]?.(at) as number;
      }
    }
    return results;
  };

  return {
    forward: (inputs) => {
      const { y, penalty, ...state } = run('forward', inputs);
      return { y: y as Float64Array, penalty: penalty?.[0], state };
    },
    vjp: (inputs) => {
      const { x, ...parameters } = run('vjp', inputs);
      return { x: x as Float64Array, parameters };
    },
  };
}
